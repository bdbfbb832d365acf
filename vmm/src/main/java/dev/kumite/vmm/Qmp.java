package dev.kumite.vmm;

import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A connection to QEMU's control socket. Commands may be given by several threads at once; answers
 * find theirs by number. A peer that breaks the protocol loses this connection and nothing else.
 *
 * <p>Source: QEMU, {@code docs/interop/qmp-spec.rst}.
 */
public final class Qmp implements AutoCloseable {

    /**
     * Longest line that is read, in bytes. Source: assumed; the longest answer that is asked for
     * here, {@code query-hotpluggable-cpus} of a machine with 240 CPUs, has 50 KiB.
     */
    static final int MAX_LINE_BYTES = 1 << 20;

    /** Events that wait for the listener; further ones are dropped. */
    private static final int MAX_WAITING_EVENTS = 256;

    /** Answers that may come after their deadline before the peer counts as broken. */
    private static final int MAX_ABANDONED = 64;

    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(10);

    /** Waits of the reading thread; closing ends them. */
    private static final Duration WITHOUT_LIMIT = Duration.ofDays(10_000);

    /** Tells the delivering thread that nothing more comes. */
    private static final QmpEvent LAST = new QmpEvent("", Json.Null.NULL);

    private final UnixSocket socket;
    private final QmpLines lines;
    private final AtomicLong nextId = new AtomicLong(1);
    private final Map<Long, CompletableFuture<Json>> pending = new ConcurrentHashMap<>();
    private final Map<Long, Boolean> abandoned = new ConcurrentHashMap<>();
    private final List<EventWait> waits = new CopyOnWriteArrayList<>();
    private final BlockingQueue<QmpEvent> events = new ArrayBlockingQueue<>(MAX_WAITING_EVENTS);
    private final CompletableFuture<VmmException> closed = new CompletableFuture<>();
    private final ReentrantLock sending = new ReentrantLock();
    private final String version;

    private record EventWait(Predicate<QmpEvent> wanted, CompletableFuture<QmpEvent> arrived) {}

    private Qmp(UnixSocket socket, QmpLines lines, String version) {
        this.socket = socket;
        this.lines = lines;
        this.version = version;
    }

    /**
     * {@return a connection that takes commands}
     *
     * @param path of the socket
     * @param timeout for all of connecting and greeting
     * @param listener gets the events, one after another, on a thread of its own
     * @throws VmmException if nobody listens, or it is not QEMU that does
     */
    public static Qmp connect(Path path, Duration timeout, Consumer<QmpEvent> listener) {
        UnixSocket socket;
        try {
            socket = UnixSocket.connect(path, timeout);
        } catch (LinuxException e) {
            throw new VmmException(
                    VmmException.Category.PEER_CLOSED,
                    "QEMU's control socket \"" + path + "\": " + e.getMessage(),
                    e);
        }
        return over(socket, timeout, listener);
    }

    /** {@return a connection over an open socket, which is its own from now on} */
    static Qmp over(UnixSocket socket, Duration timeout, Consumer<QmpEvent> listener) {
        Qmp qmp = null;
        try {
            QmpLines lines = new QmpLines(socket);
            List<Json> greeting = read(lines, timeout);
            if (greeting.isEmpty() || !(greeting.getFirst().get("QMP") instanceof Json.Obj)) {
                throw new VmmException(
                        VmmException.Category.PROTOCOL, "the control socket did not greet as QEMU");
            }
            qmp = new Qmp(socket, lines, versionOf(greeting.getFirst()));
            qmp.begin(listener);
            qmp.execute("qmp_capabilities", Json.Obj.EMPTY, timeout);
            return qmp;
        } catch (VmmException e) {
            if (qmp != null) {
                qmp.close();
            }
            socket.close();
            throw e;
        }
    }

    private static String versionOf(Json greeting) {
        Json qemu = greeting.get("QMP").get("version").get("qemu");
        return qemu.get("major").whole(0)
                + "."
                + qemu.get("minor").whole(0)
                + "."
                + qemu.get("micro").whole(0);
    }

    private static List<Json> read(QmpLines lines, Duration timeout) {
        try {
            return lines.next(timeout);
        } catch (LinuxException e) {
            throw switch (e.errno()) {
                case ETIMEDOUT -> QmpLines.late(timeout);
                case EINTR -> VmmException.interrupted("reading from QEMU's control socket");
                default ->
                        new VmmException(
                                VmmException.Category.PEER_CLOSED,
                                "QEMU's control socket: " + e.getMessage(),
                                e);
            };
        }
    }

    private void begin(Consumer<QmpEvent> listener) {
        Thread.ofVirtual().name("qmp-reader").start(this::readAll);
        Thread.ofVirtual().name("qmp-events").start(() -> deliver(listener));
    }

    /** {@return QEMU's version, such as {@code 7.2.22}} */
    public String version() {
        return version;
    }

    /** {@return why the connection ended, once it has} */
    public CompletableFuture<VmmException> closed() {
        return closed.copy();
    }

    /** {@return the answer to a command without arguments} */
    public Json execute(String command, Duration timeout) {
        return execute(command, Json.Obj.EMPTY, timeout);
    }

    /**
     * {@return the answer to a command}
     *
     * @throws VmmException with {@link VmmException.Category#COMMAND_FAILED} and QEMU's own words
     *     if it fails, with {@link VmmException.Category#TIMEOUT} if there is no answer in time
     */
    public Json execute(String command, Json.Obj arguments, Duration timeout) {
        return execute(command, arguments, List.of(), timeout);
    }

    /** {@return the answer to a command that comes with open files} They stay open here. */
    public Json execute(
            String command, Json.Obj arguments, List<Fd> descriptors, Duration timeout) {
        long id = nextId.getAndIncrement();
        CompletableFuture<Json> answer = new CompletableFuture<>();
        pending.put(id, answer);
        try {
            if (closed.isDone()) {
                throw again(closed.join());
            }
            send(command, arguments, id, descriptors);
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            abandoned.put(id, true);
            throw new VmmException(
                    VmmException.Category.TIMEOUT,
                    "QEMU did not answer " + command + " within " + timeout.toMillis() + " ms",
                    e);
        } catch (InterruptedException e) {
            abandoned.put(id, true);
            throw VmmException.interrupted("waiting for QEMU to answer " + command);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VmmException failure) {
                throw of(command, failure);
            }
            throw new IllegalStateException(e);
        } finally {
            pending.remove(id);
        }
    }

    private static VmmException of(String command, VmmException failure) {
        return new VmmException(
                failure.category(), "QMP " + command + ": " + failure.getMessage(), failure);
    }

    private static VmmException again(VmmException first) {
        return new VmmException(first.category(), String.valueOf(first.getMessage()), first);
    }

    private void send(String command, Json.Obj arguments, long id, List<Fd> descriptors) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("execute", new Json.Text(command));
        if (!arguments.members().isEmpty()) {
            members.put("arguments", arguments);
        }
        members.put("id", new Json.Whole(id));
        String line = new Json.Obj(members).print() + "\n";
        sending.lock();
        try {
            socket.send(
                    ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)),
                    descriptors,
                    SEND_TIMEOUT);
        } catch (LinuxException e) {
            VmmException failure =
                    new VmmException(
                            VmmException.Category.PEER_CLOSED,
                            "QEMU does not take " + command + ": " + e.getMessage(),
                            e);
            // half a command may be on its way: nothing can follow it
            end(failure);
            // the reading thread may have known before us, and better
            throw again(closed.join());
        } finally {
            sending.unlock();
        }
    }

    /**
     * A wait for an event that begins now, before the command that causes it is given.
     *
     * @param wanted whether an event is the one; called on the reading thread
     */
    CompletableFuture<QmpEvent> next(Predicate<QmpEvent> wanted) {
        EventWait wait = new EventWait(wanted, new CompletableFuture<>());
        waits.add(wait);
        var _ = wait.arrived().whenComplete((event, failure) -> waits.remove(wait));
        if (closed.isDone()) {
            wait.arrived().completeExceptionally(again(closed.join()));
        }
        return wait.arrived();
    }

    private void readAll() {
        VmmException why =
                new VmmException(
                        VmmException.Category.PEER_CLOSED, "QEMU closed its control socket");
        try {
            for (List<Json> line = read(lines, WITHOUT_LIMIT);
                    !line.isEmpty();
                    line = read(lines, WITHOUT_LIMIT)) {
                handle(line.getFirst());
            }
        } catch (VmmException e) {
            why = e;
        }
        end(why);
    }

    private void handle(Json message) {
        if (message.get("event") instanceof Json.Text(String name)) {
            QmpEvent event = new QmpEvent(name, message.get("data"));
            for (EventWait wait : waits) {
                if (wait.wanted().test(event)) {
                    wait.arrived().complete(event);
                }
            }
            // a listener that does not keep up loses events, not this connection
            boolean _ = events.offer(event);
            return;
        }
        long id = message.get("id").whole(-1);
        CompletableFuture<Json> answer = pending.remove(id);
        if (answer == null) {
            if (abandoned.remove(id) == null || abandoned.size() > MAX_ABANDONED) {
                throw new VmmException(
                        VmmException.Category.PROTOCOL,
                        "QEMU answered what was not asked: " + Printable.text(message.print()));
            }
            return;
        }
        if (message.get("error") instanceof Json.Obj error) {
            answer.completeExceptionally(
                    new VmmException(
                            VmmException.Category.COMMAND_FAILED,
                            Printable.text(
                                    error.get("class").text().orElse("GenericError")
                                            + ": "
                                            + error.get("desc").text().orElse("no description"))));
        } else {
            answer.complete(message.get("return"));
        }
    }

    private void deliver(Consumer<QmpEvent> listener) {
        try {
            QmpEvent event = events.take();
            while (event != null && !event.equals(LAST)) {
                listener.accept(event);
                event = closed.isDone() ? events.poll() : events.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(VmmException why) {
        if (closed.complete(why)) {
            socket.close();
            // if there is no room, the thread that delivers sees that this is closed
            boolean _ = events.offer(LAST);
        }
        for (CompletableFuture<Json> answer : pending.values()) {
            answer.completeExceptionally(again(why));
        }
        for (EventWait wait : waits) {
            wait.arrived().completeExceptionally(again(why));
        }
    }

    /** Ends the connection; QEMU goes on. */
    @Override
    public void close() {
        end(
                new VmmException(
                        VmmException.Category.PEER_CLOSED, "the control connection was closed"));
    }
}
