package dev.kumite.ttrpc;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

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

    private final Map<String, TtrpcService> services;
    private final Executor executor;
    private final boolean serial;

    private TtrpcServer(Map<String, TtrpcService> services, Executor executor, boolean serial) {
        this.services = services;
        this.executor = executor;
        this.serial = serial;
    }

    /** {@return a server without services that has a virtual thread for each call} */
    public static TtrpcServer create() {
        return new TtrpcServer(
                Map.of(), call -> Thread.ofVirtual().name("ttrpc-call").start(call), false);
    }

    /** {@return the same with one more service, called {@code name} on the wire} */
    public TtrpcServer with(String name, TtrpcService service) {
        Map<String, TtrpcService> more = new HashMap<>(services);
        more.put(name, service);
        return new TtrpcServer(Map.copyOf(more), executor, serial);
    }

    /** {@return the same with calls that run wherever {@code other} runs them} */
    public TtrpcServer executingOn(Executor other) {
        return new TtrpcServer(services, other, serial);
    }

    /**
     * {@return the same for a serial line, which clients may leave at any byte} Zero bytes between
     * frames are passed over, and so is, after a header that no client sends, whatever comes before
     * the next one that looks right.
     */
    public TtrpcServer onSerialLine() {
        return new TtrpcServer(services, executor, true);
    }

    /**
     * Answers the calls that come over one connection until its end; closes neither stream. Then
     * the calls under way are cancelled and their answers dropped. On a serial line it waits for
     * the last write to end, so that the next client's answers do not get into it.
     *
     * @throws TtrpcException if the peer keeps on breaking the protocol
     */
    public void serve(InputStream in, OutputStream out) {
        FrameSender sender = new FrameSender(out, "ttrpc-server-writer");
        sender.start();
        ServerConnection connection =
                new ServerConnection(services, executor, serial, new FrameReader(in), sender);
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
}
