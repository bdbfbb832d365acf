package dev.kumite.ttrpc;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Answers calls over any number of connections, from one table of services. Immutable; safe for any
 * number of threads.
 */
public final class TtrpcServer {

    /**
     * Calls of one connection that may be under way at once; more are refused with
     * RESOURCE_EXHAUSTED. A container has about four long ones open: its exit, its two outputs, its
     * input.
     */
    public static final int MAX_CALLS_IN_FLIGHT = 1024;

    /**
     * Bytes of requests of one connection that may be held at once; more are refused with
     * RESOURCE_EXHAUSTED.
     */
    public static final int MAX_BYTES_IN_FLIGHT = 64 << 20;

    /** A new thread, with its stack and buffers, costs more than many a call. */
    private static final int IDLE_SECONDS = 10;

    private final Map<String, TtrpcService> services;
    private final ThreadFactory threads;
    private final Executor executor;
    private final boolean serial;
    private final Optional<Consumer<String>> late;

    private TtrpcServer(
            Map<String, TtrpcService> services,
            ThreadFactory threads,
            Executor executor,
            boolean serial,
            Optional<Consumer<String>> late) {
        this.services = services;
        this.threads = threads;
        this.executor = executor;
        this.serial = serial;
        this.late = late;
    }

    /** {@return a server without services that has a virtual thread for each call} */
    public static TtrpcServer create() {
        ThreadFactory threads = Thread.ofVirtual().name("ttrpc").factory();
        return new TtrpcServer(
                Map.of(),
                threads,
                call -> threads.newThread(call).start(),
                false,
                Optional.empty());
    }

    /** {@return the same with one more service, called {@code name} on the wire} */
    public TtrpcServer with(String name, TtrpcService service) {
        Map<String, TtrpcService> more = new HashMap<>(services);
        more.put(name, service);
        return new TtrpcServer(Map.copyOf(more), threads, executor, serial, late);
    }

    /**
     * {@return the same with a platform thread for each call} A thread that has nothing to do for
     * {@value #IDLE_SECONDS} s ends. For processes that have to answer soon after their start: the
     * first virtual thread costs ten times as much as the first platform thread.
     */
    public TtrpcServer onPlatformThreads() {
        ThreadFactory threads = Thread.ofPlatform().daemon().name("ttrpc").factory();
        Executor pool =
                new ThreadPoolExecutor(
                        0,
                        Integer.MAX_VALUE,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        threads);
        return new TtrpcServer(services, threads, pool, serial, late);
    }

    /** {@return the same with calls that run wherever {@code other} runs them} */
    public TtrpcServer executingOn(Executor other) {
        return new TtrpcServer(services, threads, other, serial, late);
    }

    /**
     * {@return the same for a serial line, which clients may leave at any byte} Zero bytes between
     * frames are passed over, and so is, after a header that no client sends, whatever comes before
     * the next one that looks right.
     */
    public TtrpcServer onSerialLine() {
        return new TtrpcServer(services, threads, executor, true, late);
    }

    /**
     * {@return the same that tells of calls that are not done when nine tenths of the caller's time
     * are over} One line each: the method, and what its thread is waiting for. The listener is
     * called on a thread that it must not keep.
     */
    public TtrpcServer reportingLate(Consumer<String> listener) {
        return new TtrpcServer(services, threads, executor, serial, Optional.of(listener));
    }

    /**
     * Answers the calls that come over one connection until its end; closes neither stream. Then
     * the calls under way are cancelled and their answers dropped. On a serial line it waits for
     * the last write to end, so that the next client's answers do not get into it.
     *
     * @throws TtrpcException if the peer keeps on breaking the protocol
     */
    public void serve(InputStream in, OutputStream out) {
        FrameSender sender = new FrameSender(out, threads);
        sender.start();
        ServerConnection connection = new ServerConnection(this, new FrameReader(in), sender);
        try {
            connection.run();
        } catch (EOFException _) {
            // The peer left within a frame: as good an end as any other.
        } catch (IOException e) {
            throw TtrpcException.peerClosed(
                    "the connection broke while reading: " + e.getMessage());
        } finally {
            sender.close(TtrpcException.peerClosed("the peer closed the connection"));
            connection.cancelAll();
            if (serial) {
                sender.joinUninterruptibly();
            }
        }
    }

    Map<String, TtrpcService> services() {
        return services;
    }

    ThreadFactory threads() {
        return threads;
    }

    Executor executor() {
        return executor;
    }

    Optional<Consumer<String>> late() {
        return late;
    }

    boolean isSerial() {
        return serial;
    }
}
