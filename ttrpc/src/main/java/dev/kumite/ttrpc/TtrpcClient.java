package dev.kumite.ttrpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.kumite.ttrpc.messages.KeyValue;
import dev.kumite.ttrpc.messages.Request;
import dev.kumite.ttrpc.messages.Response;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls over one connection. Safe for any number of threads; each call blocks its thread
 * until the answer, its deadline, an interrupt or the end of the connection. One thread of its own
 * reads answers, another writes calls.
 */
public final class TtrpcClient implements Closeable {

    /**
     * A call with this timeout ends by its answer, by interrupting its thread or by closing the
     * client.
     */
    public static final Duration NO_DEADLINE = Duration.ofSeconds(Long.MAX_VALUE);

    /**
     * Answers to calls that nobody made, or second answers, after which the peer is no longer
     * believed. An answer that came after its call had been given up is not counted.
     */
    static final int MAX_STRAY_ANSWERS = 64;

    /**
     * More zero bytes than end any frame, whether the peer waits for its header or its body, and
     * then some.
     */
    static final int FILLER_BYTES = FrameHeader.MAX_BODY_BYTES + 32;

    private final Closeable connection;
    private final FrameReader reader;
    private final FrameSender sender;
    private final Map<String, String> metadata;
    private final int firstStreamId;
    private final AtomicInteger nextStreamId;
    private final ConcurrentHashMap<Integer, CompletableFuture<byte[]>> pending =
            new ConcurrentHashMap<>();
    private final AtomicLong abandonedCalls = new AtomicLong();
    private final AtomicLong strayAnswers = new AtomicLong();
    private final AtomicReference<@Nullable TtrpcException> failure = new AtomicReference<>();

    private TtrpcClient(
            InputStream in, OutputStream out, Closeable connection, TtrpcOptions options) {
        this.connection = connection;
        this.reader = new FrameReader(in);
        this.sender =
                new FrameSender(
                        out, Thread.ofPlatform().daemon().name("ttrpc-client-writer").factory());
        this.metadata = options.metadata();
        this.firstStreamId = options.firstStreamId();
        this.nextStreamId = new AtomicInteger(options.firstStreamId());
    }

    /**
     * Takes over a fresh connection; see {@link #open(InputStream, OutputStream, Closeable,
     * TtrpcOptions)}.
     */
    public static TtrpcClient open(InputStream in, OutputStream out, Closeable connection) {
        return open(in, out, connection, TtrpcOptions.DEFAULT);
    }

    /**
     * Takes over a connection. Waits for the peer only if {@code options} want to resynchronise.
     *
     * @param connection what {@link #close} closes; closing it must end a read of {@code in} and a
     *     write to {@code out}
     * @throws TtrpcException if resynchronising fails; the connection has been closed then
     */
    public static TtrpcClient open(
            InputStream in, OutputStream out, Closeable connection, TtrpcOptions options) {
        TtrpcClient client = new TtrpcClient(in, out, connection, options);
        boolean scanning = options.resynchronisation().isPresent();
        client.sender.start();
        Thread.ofPlatform().daemon().name("ttrpc-client-reader").start(() -> client.read(scanning));
        if (scanning) {
            try {
                client.resynchronise(options.resynchronisation().get());
            } catch (TtrpcException e) {
                client.close();
                throw e;
            }
        }
        return client;
    }

    /**
     * Calls {@code method} and waits for its answer.
     *
     * @param timeout how long to wait; the peer is told, too. {@link #NO_DEADLINE} for no limit
     * @param parser of the answer
     * @throws TtrpcException if the call fails; the category says how
     */
    public <T extends MessageLite> T call(
            String service,
            String method,
            MessageLite request,
            Parser<T> parser,
            Duration timeout) {
        ByteString payload = exchange(service, method, request.toByteString(), timeout);
        try {
            return parser.parseFrom(payload);
        } catch (InvalidProtocolBufferException e) {
            throw TtrpcException.protocol(
                    path(service, method) + ": the answer cannot be read: " + e.getMessage());
        }
    }

    /** The same with a request and an answer that are encoded already. */
    public byte[] call(String service, String method, byte[] payload, Duration timeout) {
        return exchange(service, method, ByteString.copyFrom(payload), timeout).toByteArray();
    }

    private ByteString exchange(
            String service, String method, ByteString payload, Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        if (deadline.isPassed()) {
            throw timeout(service, method, timeout);
        }
        int id = nextStreamId.getAndUpdate(TtrpcClient::following);
        byte[] frame = frame(id, request(service, method, payload, deadline));
        byte[] answer;
        CompletableFuture<byte[]> slot = new CompletableFuture<>();
        if (pending.putIfAbsent(id, slot) != null) {
            throw TtrpcException.refused(
                    StatusCode.RESOURCE_EXHAUSTED,
                    path(service, method)
                            + ": the call that used stream id "
                            + id
                            + " before is still open");
        }
        boolean sent = false;
        try {
            failIfClosed();
            sent = sender.send(frame, deadline);
            if (!sent) {
                throw timeout(service, method, timeout);
            }
            answer =
                    deadline.isNever()
                            ? slot.get()
                            : slot.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw timeout(service, method, timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TtrpcException.interrupted(path(service, method) + ": interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TtrpcException reason) {
                throw reason.again();
            }
            throw new AssertionError("calls fail by a TtrpcException only", e);
        } finally {
            giveUp(id, slot, frame, sent);
        }
        return payload(service, method, answer);
    }

    /** Forgets a call; if it has no answer, one that comes later is not the peer's fault. */
    private void giveUp(int id, CompletableFuture<byte[]> slot, byte[] frame, boolean sent) {
        if (sent && !slot.isDone()) {
            abandonedCalls.incrementAndGet();
            sender.withdraw(frame);
        }
        pending.remove(id, slot);
    }

    private Request request(String service, String method, ByteString payload, Deadline deadline) {
        Request.Builder request =
                Request.newBuilder().setService(service).setMethod(method).setPayload(payload);
        if (!deadline.isNever()) {
            request.setTimeoutNano(Math.max(1, deadline.remainingNanos()));
        }
        metadata.forEach((key, value) ->
                request.addMetadata(KeyValue.newBuilder().setKey(key).setValue(value)));
        return request.build();
    }

    private static byte[] frame(int id, Request request) {
        int length = request.getSerializedSize();
        if (length > FrameHeader.MAX_BODY_BYTES) {
            throw TtrpcException.refused(
                    StatusCode.RESOURCE_EXHAUSTED,
                    path(request.getService(), request.getMethod())
                            + ": the request has "
                            + length
                            + " bytes, longest allowed are "
                            + FrameHeader.MAX_BODY_BYTES);
        }
        byte[] frame = new byte[FrameHeader.BYTES + length];
        FrameHeader.request(length, id).encode(frame);
        try {
            request.writeTo(CodedOutputStream.newInstance(frame, FrameHeader.BYTES, length));
        } catch (IOException e) {
            throw new AssertionError("an array of the message's size is too small for it", e);
        }
        return frame;
    }

    private ByteString payload(String service, String method, byte[] answer) {
        Response response;
        try {
            response = Response.parseFrom(answer);
        } catch (InvalidProtocolBufferException e) {
            throw TtrpcException.protocol(
                    path(service, method) + ": the answer is not a response: " + e.getMessage());
        }
        StatusCode code = StatusCode.of(response.getStatus().getCode());
        if (code != StatusCode.OK) {
            throw TtrpcException.refused(code, response.getStatus().getMessage());
        }
        return response.getPayload();
    }

    private void read(boolean scanning) {
        try {
            Optional<FrameHeader> header =
                    scanning ? reader.scan(this::isAnswerToProbe) : reader.next();
            while (header.isPresent()) {
                receive(header.get());
                header = reader.next();
            }
            fail(TtrpcException.peerClosed("the peer closed the connection"));
        } catch (IOException e) {
            fail(
                    TtrpcException.peerClosed(
                            "the connection broke while reading: " + e.getMessage()));
        } catch (TtrpcException e) {
            fail(e);
        }
    }

    private void receive(FrameHeader header) throws IOException {
        CompletableFuture<byte[]> slot =
                header.type() == FrameHeader.RESPONSE ? pending.get(header.streamId()) : null;
        if (slot != null && !slot.isDone()) {
            slot.complete(reader.body(header));
            return;
        }
        if (header.isOversized()
                || strayAnswers.incrementAndGet() > MAX_STRAY_ANSWERS + abandonedCalls.get()) {
            throw TtrpcException.protocol(
                    "the peer sends what nobody asked for: a frame of type "
                            + header.type()
                            + " with "
                            + header.length()
                            + " bytes for stream id "
                            + Integer.toUnsignedString(header.streamId()));
        }
        reader.skip(header);
    }

    private boolean isAnswerToProbe(FrameHeader header) {
        return header.type() == FrameHeader.RESPONSE
                && !header.isOversized()
                && header.streamId() >= firstStreamId
                && header.streamId() < nextStreamId.get()
                && header.streamId() % 2 != 0;
    }

    private void resynchronise(TtrpcOptions.Resynchronisation by) {
        Deadline deadline = Deadline.after(by.timeout());
        Duration patience =
                by.patience().compareTo(by.timeout()) < 0 ? by.patience() : by.timeout();
        try {
            probe(by, patience);
        } catch (TtrpcException e) {
            if (e.category() != TtrpcException.Category.TIMEOUT || deadline.isPassed()) {
                throw e;
            }
            sendFiller(deadline);
            probe(by, Duration.ofNanos(deadline.remainingNanos()));
        }
    }

    private void probe(TtrpcOptions.Resynchronisation by, Duration timeout) {
        try {
            exchange(by.service(), by.method(), ByteString.EMPTY, timeout);
        } catch (TtrpcException e) {
            // A refusal is an answer, too: both ends are at the beginning of a frame again.
            if (e.category() != TtrpcException.Category.REFUSED) {
                throw e;
            }
        }
    }

    private void sendFiller(Deadline deadline) {
        try {
            if (!sender.send(new byte[FILLER_BYTES], deadline)) {
                throw TtrpcException.timeout("the peer does not read");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TtrpcException.interrupted("interrupted while finding the beginning of a frame");
        }
    }

    private void failIfClosed() {
        TtrpcException reason = failure.get();
        if (reason != null) {
            throw reason.again();
        }
    }

    private void fail(TtrpcException reason) {
        if (!failure.compareAndSet(null, reason)) {
            return;
        }
        sender.close(reason);
        try {
            connection.close();
        } catch (IOException _) {
            // It is of no use any more in either case.
        }
        // A call that is not among them yet sees the failure before it sends.
        pending.values().forEach(slot -> slot.completeExceptionally(reason));
    }

    /** Closes the connection; calls under way fail with {@code PEER_CLOSED}. */
    @Override
    public void close() {
        fail(TtrpcException.peerClosed("this end closed the connection"));
    }

    private static int following(int id) {
        return id + 2 > 0 ? id + 2 : 1;
    }

    private static TtrpcException timeout(String service, String method, Duration timeout) {
        return TtrpcException.timeout(
                path(service, method) + ": no answer within " + timeout.toMillis() + " ms");
    }

    private static String path(String service, String method) {
        return service + "/" + method;
    }
}
