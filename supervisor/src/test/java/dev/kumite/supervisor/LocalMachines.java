package dev.kumite.supervisor;

import dev.kumite.doors.Machines;
import dev.kumite.engine.ContainerRequest;
import dev.kumite.engine.ContainerStats;
import dev.kumite.engine.ProcessSpec;
import dev.kumite.linux.Fd;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.Terminal;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Spec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Stands for machines in tests of what is around them: "containers" are local processes, without
 * any isolation, and end with this process. Never part of what is shipped.
 */
final class LocalMachines implements Machines {

    final Map<String, LocalGuest> guests = new ConcurrentHashMap<>();
    private final AtomicInteger execs = new AtomicInteger();

    /** What a boot waits for. */
    volatile CountDownLatch booted = new CountDownLatch(0);

    @Override
    public Guest create(ContainerRequest request, Function<String, Optional<String>> environment) {
        try {
            booted.await();
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            throw SupervisorException.of(SupervisorException.Category.MACHINE, "interrupted");
        }
        LocalGuest guest = new LocalGuest(request.spec(), request.id());
        guests.put(request.id(), guest);
        return guest;
    }

    @Override
    public Optional<Guest> adopt(String sandbox, String container) {
        return Optional.ofNullable(guests.get(container));
    }

    @Override
    public void collectGarbage() {
        // Nothing outlives this process.
    }

    /** A "container". */
    final class LocalGuest implements Guest {
        private final Spec spec;
        private final String id;
        private final LocalProcess first;
        volatile boolean closed;
        volatile String status = Entry.CREATED;

        LocalGuest(Spec spec, String id) {
            this.spec = spec;
            this.id = id;
            this.first = new LocalProcess(id, spec.process().orElseThrow());
        }

        @Override
        public String sandbox() {
            return id;
        }

        @Override
        public int pid() {
            return (int) ProcessHandle.current().pid();
        }

        @Override
        public boolean oomKilled() {
            return false;
        }

        @Override
        public GuestProcess process() {
            return first;
        }

        @Override
        public void start() {
            first.start();
            status = Entry.RUNNING;
        }

        @Override
        public GuestProcess exec(ProcessSpec program) {
            dev.kumite.oci.Process like = program.process();
            LocalProcess process = new LocalProcess("exec-" + execs.incrementAndGet(), like);
            process.start();
            return process;
        }

        @Override
        public GuestProcess find(String execId, boolean terminal) {
            throw new UnsupportedOperationException("processes end with their supervisor here");
        }

        @Override
        public void signal(int number, boolean all) {
            first.signal(number);
        }

        @Override
        public void pause() {
            first.signal(19);
        }

        @Override
        public void resume() {
            first.signal(18);
        }

        @Override
        public void update(Resources limits) {
            // There are none.
        }

        @Override
        public ContainerStats stats() {
            throw new UnsupportedOperationException("nothing is counted here");
        }

        @Override
        public String status() {
            return status;
        }

        @Override
        public void ended() {
            status = Entry.STOPPED;
        }

        @Override
        public void close() {
            closed = true;
            first.signal(9);
            first.code.complete(137);
            guests.remove(id);
        }

        Spec spec() {
            return spec;
        }
    }

    /** A "process in a container". */
    static final class LocalProcess implements GuestProcess {
        private final String id;
        private final dev.kumite.oci.Process wanted;
        private final CompletableFuture<Process> started = new CompletableFuture<>();
        final CompletableFuture<Integer> code = new CompletableFuture<>();
        private Optional<Terminal.Pair> terminal = Optional.empty();

        LocalProcess(String id, dev.kumite.oci.Process wanted) {
            this.id = id;
            this.wanted = wanted;
        }

        void start() {
            try {
                List<String> command = new ArrayList<>();
                ProcessBuilder builder = new ProcessBuilder();
                if (wanted.terminal()) {
                    Terminal.Pair pair = Terminal.open();
                    terminal = Optional.of(pair);
                    var slave = Files.readSymbolicLink(pair.slave().path()).toFile();
                    builder.redirectInput(slave).redirectOutput(slave).redirectError(slave);
                    command.addAll(List.of("setsid", "-c"));
                }
                if (Files.isExecutable(Path.of(wanted.args().getFirst()))) {
                    // A shell cannot trap what was ignored when it began, such as below "sh -c '…
                    // &'".
                    command.addAll(List.of("env", "--default-signal=INT,QUIT"));
                }
                command.addAll(wanted.args());
                Process process = builder.command(command).start();
                terminal.ifPresent(pair -> pair.slave().close());
                started.complete(process);
                var end =
                        process.onExit()
                                .thenAccept(done -> {
                                    int exit = done.exitValue();
                                    code.complete(exit);
                                });
                assert end != null;
            } catch (IOException failure) {
                throw new UncheckedIOException(
                        "executable file `"
                                + wanted.args().getFirst()
                                + "` not found in $PATH: No such file or directory",
                        failure);
            }
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public OutputStream stdin() {
            return terminal.map(pair -> pair.master().duplicate().outputStream())
                    .orElseGet(() -> started.join().getOutputStream());
        }

        @Override
        public InputStream stdout() {
            return terminal.map(pair -> pair.master().inputStream())
                    .orElseGet(() -> started.join().getInputStream());
        }

        @Override
        public InputStream stderr() {
            return terminal.isPresent()
                    ? InputStream.nullInputStream()
                    : started.join().getErrorStream();
        }

        @Override
        public int await() {
            return code.join();
        }

        @Override
        public void signal(int number) {
            if (started.isDone()) {
                ProcessIdentity.of((int) started.join().pid()).ifPresent(p -> p.signal(number));
            }
        }

        @Override
        public void resize(int rows, int columns) {
            terminal.ifPresent(
                    pair -> Terminal.resize(pair.master(), new Terminal.Size(rows, columns)));
        }

        Fd master() {
            return terminal.orElseThrow().master();
        }

        Path path() {
            return Path.of(wanted.cwd());
        }
    }
}
