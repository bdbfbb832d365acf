package dev.kumite.supervisor;

import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command that waits for an answer: the {@code front} part of the {@code kumite} command. Closed
 * after the answer. Confined to the thread that serves it.
 *
 * <p>What it wants is read from its process; it lives until it is answered, so that its pid cannot
 * mean another process meanwhile.
 */
final class Caller implements AutoCloseable {

    /** Where front has its standard error while it waits. */
    private static final int STDERR = 7;

    /** Where the process that waits has the pipe for the answer. */
    private static final int REPLY = 8;

    /** Most bytes of arguments or environment that are read; the kernel's default limit. */
    private static final int MOST_BYTES = 2 << 20;

    /** Most time that a caller may take to read what it is told. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ProcessIdentity front;
    private final ProcessIdentity waiter;
    private final Fd reply;
    private final List<String> arguments;
    private final int attempt;
    private final Optional<Holder> holder;

    private Caller(Request request, ProcessIdentity front, ProcessIdentity waiter, Fd reply) {
        this.front = front;
        this.waiter = waiter;
        this.reply = reply;
        this.attempt = request.attempt();
        this.holder = request.holder().flatMap(pid -> Holder.started(pid, front));
        List<String> all = strings(front.pid(), "cmdline");
        int count = Math.min(request.arguments(), all.size());
        this.arguments = List.copyOf(all.subList(all.size() - count, all.size()));
    }

    /** {@return the caller behind a request; empty if it is gone} */
    static Optional<Caller> of(Request request) {
        Optional<ProcessIdentity> front = ProcessIdentity.of(request.front());
        Optional<ProcessIdentity> waiter = ProcessIdentity.of(request.waiter());
        if (front.isEmpty() || waiter.isEmpty()) {
            return Optional.empty();
        }
        return waiter.get()
                .takeDescriptor(REPLY)
                .map(reply -> new Caller(request, front.get(), waiter.get(), reply));
    }

    /** {@return the command line without the program} */
    List<String> arguments() {
        return arguments;
    }

    /** {@return whether an earlier supervisor may have done it already, and died then} */
    boolean again() {
        return attempt > 1;
    }

    /** {@return the process of the command} */
    ProcessIdentity process() {
        return front;
    }

    /** {@return the process that will stand for the one in the machine, if the verb has one} */
    Optional<Holder> holder() {
        return holder;
    }

    /** {@return the path as the caller means it, absolute} */
    Path resolve(String path) {
        try {
            Path directory = Files.readSymbolicLink(Path.of("/proc/" + front.pid() + "/cwd"));
            return directory.resolve(path).normalize();
        } catch (IOException failure) {
            throw SupervisorException.caller("cannot tell the caller's directory", failure);
        }
    }

    /** {@return a variable of the caller's environment} */
    Optional<String> environment(String name) {
        String prefix = name + "=";
        for (String variable : strings(front.pid(), "environ")) {
            if (variable.startsWith(prefix)) {
                return Optional.of(variable.substring(prefix.length()));
            }
        }
        return Optional.empty();
    }

    /** {@return whether paths mean the same to the caller as to us} */
    boolean sharesMounts() {
        try {
            Path ours = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
            return ours.equals(Files.readSymbolicLink(Path.of("/proc/" + front.pid() + "/ns/mnt")));
        } catch (IOException failure) {
            throw SupervisorException.caller("cannot tell the caller's mount namespace", failure);
        }
    }

    /** Refuses it if paths mean something else to it than to us. */
    void requireSharedMounts() {
        if (!sharesMounts()) {
            throw SupervisorException.of(
                    SupervisorException.Category.CALLER,
                    "the supervisor of this --root was started in another mount namespace, where"
                            + " paths mean something else; use another --root, or wait until it has"
                            + " ended, half a minute after its last container");
        }
    }

    /** {@return all of its standard input} */
    byte[] input(int most) {
        try (Fd fd = descriptor(front, 0);
                InputStream in = fd.inputStream()) {
            return in.readNBytes(most);
        } catch (IOException failure) {
            throw SupervisorException.caller("cannot read standard input", failure);
        }
    }

    /** Writes to its standard output. */
    void print(String text) {
        write(front, 1, text);
    }

    /** Writes to its standard output. */
    void print(byte[] bytes) {
        write(front, 1, bytes);
    }

    /** Writes a line to its standard error. */
    void complain(String message) {
        write(waiter, STDERR, message + "\n");
    }

    /** Ends the command. */
    void answer(int code) {
        try {
            reply.write(ByteBuffer.wrap((code + "\n").getBytes(StandardCharsets.UTF_8)), PATIENCE);
        } catch (LinuxException gone) {
            // Nobody waits any more.
            return;
        } finally {
            reply.close();
        }
        waiter.signal(Signals.KILL);
    }

    @Override
    public void close() {
        reply.close();
    }

    private void write(ProcessIdentity process, int number, String text) {
        write(process, number, text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(ProcessIdentity process, int number, byte[] bytes) {
        try (Fd fd = descriptor(process, number)) {
            fd.write(ByteBuffer.wrap(bytes), PATIENCE);
        } catch (LinuxException nobodyReads) {
            // A closed or full pipe; there is nobody left to tell.
            return;
        }
    }

    private static Fd descriptor(ProcessIdentity process, int number) {
        return process.takeDescriptor(number)
                .orElseThrow(() ->
                        SupervisorException.of(
                                SupervisorException.Category.CALLER,
                                "the caller is gone, or has closed descriptor " + number));
    }

    private static List<String> strings(int pid, String file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(Path.of("/proc/" + pid + "/" + file))) {
            bytes = in.readNBytes(MOST_BYTES);
        } catch (IOException failure) {
            throw SupervisorException.caller("cannot read the caller's " + file, failure);
        }
        List<String> strings = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                strings.add(new String(bytes, start, i - start, StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
        return strings;
    }
}
