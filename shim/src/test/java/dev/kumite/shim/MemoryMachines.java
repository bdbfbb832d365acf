package dev.kumite.shim;

import dev.kumite.doors.Machines;
import dev.kumite.engine.ContainerRequest;
import dev.kumite.engine.ContainerStats;
import dev.kumite.engine.EngineException;
import dev.kumite.engine.MemorySize;
import dev.kumite.engine.ProcessSpec;
import dev.kumite.oci.Process;
import dev.kumite.oci.Resources;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
 * Stands for machines in tests of what is around them: "programs" are threads that know a few
 * commands, {@code cat}, {@code echo TEXT}, {@code exit CODE}, {@code wait}.
 */
final class MemoryMachines implements Machines {

    static final int PID = 4711;

    final Map<String, MemoryGuest> guests = new ConcurrentHashMap<>();
    final List<Optional<String>> configurations = new ArrayList<>();
    final List<ContainerRequest> requests = new ArrayList<>();

    /** Why these machines take no disk for a root. */
    volatile Optional<String> obstacle = Optional.empty();

    private final AtomicInteger execs = new AtomicInteger();

    /** How many have had the containers; only the last of them is alive. */
    private final AtomicInteger owners = new AtomicInteger();

    /** Holds up the making of a container until it is counted down. */
    volatile CountDownLatch making = new CountDownLatch(0);

    @Override
    public Guest create(ContainerRequest request, Function<String, Optional<String>> environment) {
        configurations.add(environment.apply(CONFIGURATION));
        requests.add(request);
        try {
            making.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw ShimException.of(ShimException.Category.MACHINE, "interrupted", stopped);
        }
        Process process = request.spec().process().orElseThrow();
        if (process.args().getFirst().equals("refused")) {
            throw ShimException.of(ShimException.Category.MACHINE, "this cannot be made");
        }
        MemoryGuest guest = new MemoryGuest(request.id(), process);
        guests.put(request.id(), guest);
        return guest;
    }

    @Override
    public Optional<String> obstacleToRootDevice(
            ContainerRequest request, Function<String, Optional<String>> environment) {
        return obstacle;
    }

    @Override
    public Optional<Guest> adopt(String sandbox, String container) {
        owners.incrementAndGet();
        return Optional.ofNullable(guests.get(container));
    }

    @Override
    public void collectGarbage() {
        // Nothing outlives this process.
    }

    /** A "container". */
    final class MemoryGuest implements Guest {
        private final String id;
        final MemoryProgram first;
        final Map<String, MemoryProgram> programs = new ConcurrentHashMap<>();
        final List<String> done = java.util.Collections.synchronizedList(new ArrayList<>());
        volatile boolean closed;
        volatile boolean oom;

        /** Holds up the answer to a signal, which has arrived, until it is counted down. */
        volatile CountDownLatch answering = new CountDownLatch(0);

        volatile Runnable toldOutOfMemory = () -> {};

        MemoryGuest(String id, Process process) {
            this.id = id;
            this.first = new MemoryProgram(id, process.args());
        }

        @Override
        public String sandbox() {
            return "sandbox-" + id;
        }

        @Override
        public int pid() {
            return PID;
        }

        @Override
        public MemoryProgram process() {
            return first;
        }

        @Override
        public void start() {
            first.start();
        }

        @Override
        public MemoryProgram exec(ProcessSpec program) {
            MemoryProgram started =
                    new MemoryProgram("exec-" + execs.incrementAndGet(), program.process().args());
            started.start();
            programs.put(started.id(), started);
            return started;
        }

        @Override
        public MemoryProgram find(String execId, boolean terminal) {
            return programs.get(execId);
        }

        @Override
        public void signal(int number, boolean all) {
            first.signal(number);
            try {
                answering.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void pause() {
            done.add("pause");
        }

        @Override
        public void resume() {
            done.add("resume");
        }

        @Override
        public void update(Resources limits) {
            done.add("update");
        }

        @Override
        public ContainerStats stats() {
            return new ContainerStats(
                    new ContainerStats.Cpu(
                            Duration.ofNanos(3000),
                            Duration.ofNanos(2000),
                            Duration.ofNanos(1000),
                            5,
                            Duration.ofNanos(6000)),
                    new ContainerStats.Memory(
                            new MemorySize(1 << 20),
                            new MemorySize(2 << 20),
                            Optional.empty(),
                            Map.of("anon", 4096L, "file", 8192L)),
                    new ContainerStats.Pids(3, 100),
                    List.of(new ContainerStats.Network("eth0", 1, 2, 3, 4)));
        }

        @Override
        public String status() {
            return "running";
        }

        @Override
        public boolean oomKilled() {
            return oom;
        }

        @Override
        public void whenOutOfMemory(Runnable told) {
            toldOutOfMemory = told;
        }

        void runOutOfMemory() {
            oom = true;
            toldOutOfMemory.run();
        }

        @Override
        public void ended() {
            done.add("ended");
        }

        @Override
        public void close() {
            closed = true;
            first.code.complete(137);
            guests.remove(id);
        }
    }

    /** A "process in a container". */
    final class MemoryProgram implements GuestProcess {
        private final String id;
        private final List<String> args;
        private final PipedInputStream input = new PipedInputStream();
        private final PipedOutputStream inputEnd;
        private final PipedInputStream output = new PipedInputStream();
        private final PipedOutputStream outputEnd;
        final CompletableFuture<Integer> code = new CompletableFuture<>();
        final List<String> sizes = java.util.Collections.synchronizedList(new ArrayList<>());

        MemoryProgram(String id, List<String> args) {
            this.id = id;
            this.args = args;
            try {
                inputEnd = new PipedOutputStream(input);
                outputEnd = new PipedOutputStream(output);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        void start() {
            String command = args.getFirst();
            if (command.equals("missing")) {
                throw ShimException.of(
                        ShimException.Category.MACHINE, "executable file not found in $PATH");
            }
            if (command.equals("machine-dies")) {
                throw EngineException.of(
                        EngineException.Category.CLOSED, "the machine has ended", "");
            }
            Thread.ofPlatform().daemon().name(id).start(() -> run(command));
        }

        private void run(String command) {
            try {
                switch (command) {
                    case "echo" -> end(0, args.get(1));
                    case "exit" -> end(Integer.parseInt(args.get(1)), "");
                    case "cat" -> {
                        byte[] all = input.readAllBytes();
                        outputEnd.write(all);
                        end(0, "");
                    }
                    default -> {
                        int signal = code.join();
                        end(signal, "");
                    }
                }
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        private void end(int exit, String text) throws IOException {
            outputEnd.write(text.getBytes(StandardCharsets.UTF_8));
            outputEnd.close();
            code.complete(exit);
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public OutputStream stdin() {
            return inputEnd;
        }

        @Override
        public InputStream stdout() {
            return output;
        }

        @Override
        public InputStream stderr() {
            return InputStream.nullInputStream();
        }

        @Override
        public int await() {
            int owner = owners.get();
            int exit = code.join();
            if (owners.get() != owner) {
                // Whoever waits was killed; in truth it would not be there any more.
                return new CompletableFuture<Integer>().join();
            }
            return exit;
        }

        @Override
        public void signal(int number) {
            code.complete(128 + number);
        }

        @Override
        public void resize(int rows, int columns) {
            sizes.add(rows + "x" + columns);
        }
    }
}
