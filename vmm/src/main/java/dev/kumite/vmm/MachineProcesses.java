package dev.kumite.vmm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The processes of one machine and the connections to them, from the start to the end. Safe for use
 * by several threads.
 */
final class MachineProcesses {

    /** How long a killed process may take to be gone. Source: assumed, for a loaded host. */
    private static final Duration DEATH = Duration.ofSeconds(20);

    /** How long the last bytes of a console may take. */
    private static final Duration DRAIN = Duration.ofSeconds(2);

    /** How much later than virtiofsd's end QEMU's may be seen if it was the cause. */
    private static final Duration SAME_MOMENT = Duration.ofSeconds(1);

    /** Lines that go into a message. */
    static final int MESSAGE_LINES = 12;

    private static final String PANIC = "Kernel panic - not syncing";

    /**
     * How the kernel begins to tell what it found. Source: Linux,
     * Documentation/admin-guide/bug-hunting.rst.
     */
    private static final List<String> FINDINGS =
            List.of(
                    "kernel BUG at ",
                    "BUG: ",
                    "Oops: ",
                    "general protection fault",
                    "invalid opcode: ");

    /** What the code that found it printed before. */
    private static final int LINES_BEFORE_FINDING = 2;

    private final SandboxDirectory directory;
    private final Limits limits;
    private final HelperProcess qemu;
    private final List<Companion> companions;
    private final Qmp qmp;
    private final Console console;
    private final AtomicReference<String> shutdownReason;
    private final AtomicBoolean requested = new AtomicBoolean();
    private final AtomicReference<Optional<Companion>> lost =
            new AtomicReference<>(Optional.empty());
    private final AtomicBoolean detached = new AtomicBoolean();
    private final CompletableFuture<MachineExit> exit = new CompletableFuture<>();

    MachineProcesses(
            SandboxDirectory directory,
            Limits limits,
            HelperProcess qemu,
            List<Companion> companions,
            Qmp qmp,
            Console console,
            AtomicReference<String> shutdownReason) {
        this.directory = directory;
        this.limits = limits;
        this.qemu = qemu;
        this.companions = List.copyOf(companions);
        this.qmp = qmp;
        this.console = console;
        this.shutdownReason = shutdownReason;
    }

    /** Begins to watch for the end. */
    void watch() {
        var _ =
                qemu.ended()
                        .thenAccept(status ->
                                Thread.ofVirtual().name("machine-end").start(() -> ended(status)));
        for (Companion companion : companions) {
            var _ =
                    companion
                            .process()
                            .ended()
                            .thenAccept(_ ->
                                    Thread.ofVirtual()
                                            .name("companion-end")
                                            .start(() -> companionEnded(companion)));
        }
    }

    /** A companion ends with QEMU's connection; its end may be seen before that of QEMU. */
    private void companionEnded(Companion companion) {
        if (!qemu.await(SAME_MOMENT, "waiting for QEMU's end")
                && !requested.get()
                && !detached.get()) {
            lost.set(Optional.of(companion));
            qemu.kill();
        }
    }

    private void ended(int status) {
        if (detached.get()) {
            return;
        }
        console.awaitEnd(DRAIN);
        for (Companion companion : companions) {
            companion.process().kill();
            boolean _ = companion.process().await(DEATH, "ending " + companion.kind().title());
        }
        qmp.close();
        console.close();
        remove(directory.sockets());
        exit.complete(describe(status));
    }

    private MachineExit describe(int status) {
        List<String> stderr = qemu.lastLines(MESSAGE_LINES);
        List<String> written = console.lastLines(BoundedLog.LAST_LINES);
        Optional<String> panic = written.stream().filter(line -> line.contains(PANIC)).findFirst();
        List<String> lines =
                panic.map(line -> beforePanic(written, written.indexOf(line) + 1))
                        .orElseGet(() -> written.subList(from(written.size()), written.size()));
        String reason = shutdownReason.get();
        if (lost.get().isPresent()) {
            Companion companion = lost.get().get();
            return exit(companion.kind().cause(), status, companion.describeLoss(), stderr, lines);
        }
        if (requested.get()) {
            return exit(
                    MachineExit.Cause.REQUESTED, status, "the machine was ended", stderr, lines);
        }
        if (panic.isPresent()) {
            return exit(
                    MachineExit.Cause.GUEST_PANIC,
                    status,
                    "the guest's kernel panicked: " + panic.get(),
                    stderr,
                    lines);
        }
        return switch (reason) {
            case "guest-panic" ->
                    exit(
                            MachineExit.Cause.GUEST_PANIC,
                            status,
                            "the guest's kernel panicked",
                            stderr,
                            lines);
            case "guest-reset" ->
                    exit(
                            MachineExit.Cause.GUEST_RESET,
                            status,
                            "the guest wanted to start again, as its kernel does after a panic",
                            stderr,
                            lines);
            case "guest-shutdown" ->
                    exit(
                            MachineExit.Cause.GUEST_SHUTDOWN,
                            status,
                            "the guest switched itself off",
                            stderr,
                            lines);
            default -> withoutReason(status, reason, stderr, lines);
        };
    }

    /**
     * What comes before a panic says why, and the trace after it where. The kernel's finding may
     * have a trace of its own, between itself and the panic that comes of it.
     *
     * @param end behind the panic's line
     */
    static List<String> beforePanic(List<String> written, int end) {
        for (int i = 0; i < end; i++) {
            String line = written.get(i);
            if (FINDINGS.stream().anyMatch(line::contains)) {
                int start = Math.max(0, i - LINES_BEFORE_FINDING);
                return written.subList(start, Math.min(end, start + MESSAGE_LINES));
            }
        }
        return written.subList(from(end), end);
    }

    private static int from(int end) {
        return Math.max(0, end - MESSAGE_LINES);
    }

    private static MachineExit withoutReason(
            int status, String reason, List<String> stderr, List<String> lines) {
        String why = reason.isEmpty() ? "" : " (" + Printable.text(reason) + ")";
        if (status > 128) {
            return exit(
                    MachineExit.Cause.KILLED,
                    status,
                    "QEMU was killed by signal " + (status - 128) + why,
                    stderr,
                    lines);
        }
        if (status == HelperProcess.UNKNOWN) {
            return exit(
                    MachineExit.Cause.KILLED,
                    status,
                    "QEMU, started by another process, is gone" + why,
                    stderr,
                    lines);
        }
        return exit(
                MachineExit.Cause.QEMU_FAILED,
                status,
                "QEMU ended with code " + status + why,
                stderr,
                lines);
    }

    private static MachineExit exit(
            MachineExit.Cause cause,
            int status,
            String detail,
            List<String> stderr,
            List<String> console) {
        return new MachineExit(cause, status, detail, stderr, console);
    }

    SandboxDirectory directory() {
        return directory;
    }

    Limits limits() {
        return limits;
    }

    Qmp qmp() {
        return qmp;
    }

    HelperProcess qemu() {
        return qemu;
    }

    List<String> consoleLines(int most) {
        return console.lastLines(most);
    }

    CompletableFuture<MachineExit> onExit() {
        return exit.copy();
    }

    Json execute(String command) {
        return execute(command, Json.Obj.EMPTY);
    }

    /** {@return QEMU's answer} If QEMU is gone, the message says how it ended. */
    Json execute(String command, Json.Obj arguments) {
        try {
            return qmp.execute(command, arguments, limits.command());
        } catch (VmmException e) {
            throw explain(e);
        }
    }

    /** {@return the failure, with how the machine ended if that is what is behind it} */
    VmmException explain(VmmException failure) {
        if (failure.category() != VmmException.Category.PEER_CLOSED) {
            return failure;
        }
        Optional<MachineExit> ended = awaitExit(DRAIN);
        return ended.map(how ->
                        new VmmException(
                                VmmException.Category.PROCESS_ENDED, how.describe(), failure))
                .orElse(failure);
    }

    private Optional<MachineExit> awaitExit(Duration timeout) {
        try {
            return Optional.of(exit.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw VmmException.interrupted("waiting for QEMU to end");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean powerdown(Duration timeout) {
        execute("system_powerdown");
        return awaitExit(timeout).isPresent();
    }

    MachineExit quit(Duration timeout) {
        if (qemu.isAlive()) {
            requested.set(true);
            try {
                qmp.execute("quit", timeout);
            } catch (VmmException e) {
                if (e.category() == VmmException.Category.INTERRUPTED) {
                    throw e;
                }
                qemu.kill(); // it does not obey, or is gone
            }
            Optional<MachineExit> ended = awaitExit(timeout);
            if (ended.isPresent()) {
                return ended.get();
            }
        }
        return kill();
    }

    MachineExit kill() {
        if (qemu.isAlive()) {
            requested.set(true);
            qemu.kill();
        }
        companions.forEach(companion -> companion.process().kill());
        return awaitExit(DEATH)
                .orElseThrow(() ->
                        new VmmException(
                                VmmException.Category.TIMEOUT,
                                "QEMU (process "
                                        + qemu.identity().pid()
                                        + ") was killed and is still there after "
                                        + DEATH.toSeconds()
                                        + " s"));
    }

    void detach() {
        detached.set(true);
        qmp.close();
        console.close();
    }

    /** Removes files that may not be there. */
    static void remove(List<Path> files) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // the directory is removed with all that is in it, or says then why it cannot be
            }
        }
    }
}
