package dev.kumite.ttrpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.kumite.ttrpc.messages.KeyValue;
import dev.kumite.ttrpc.messages.Request;
import dev.kumite.ttrpc.messages.Response;
import dev.kumite.ttrpc.messages.Status;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One connection's calls. {@link #run} is confined to the thread that serves it; calls answer from
 * their own.
 */
final class ServerConnection {

    /**
     * Frames that cannot be answered, after which the peer is no longer listened to. Not counted on
     * a serial line.
     */
    static final int MAX_STRAY_FRAMES = 64;

    /** Of a call that is late. */
    private static final int MAX_FRAMES = 20;

    private final TtrpcServer server;
    private final FrameReader reader;
    private final FrameSender sender;
    private final ConcurrentHashMap<Integer, CallContext> calls = new ConcurrentHashMap<>();
    private final AtomicLong bytesInFlight = new AtomicLong();
    private int strayFrames;

    ServerConnection(TtrpcServer server, FrameReader reader, FrameSender sender) {
        this.server = server;
        this.reader = reader;
        this.sender = sender;
    }

    void run() throws IOException {
        Optional<FrameHeader> header = reader.next();
        while (header.isPresent()) {
            if (server.isSerial() && isOutOfStep(header.get())) {
                header = reader.scan(ServerConnection::isRequest);
                continue;
            }
            receive(header.get());
            header = reader.next();
        }
    }

    void cancelAll() {
        calls.values().forEach(CallContext::cancel);
    }

    /**
     * Zero bytes are filler, and their number need not be a multiple of a header's: the header
     * after them has to be looked for byte by byte. It cannot be found too early: in a header that
     * is read some bytes too soon, either the length is zero, or the flags are the type or part of
     * the odd stream id.
     */
    private static boolean isOutOfStep(FrameHeader header) {
        return header.isZero() || header.isOversized() || header.type() > FrameHeader.RESPONSE;
    }

    private static boolean isRequest(FrameHeader header) {
        return header.type() == FrameHeader.REQUEST
                && header.flags() == 0
                && header.streamId() % 2 != 0
                && header.length() > 0
                && !header.isOversized();
    }

    private void receive(FrameHeader header) throws IOException {
        if (header.type() != FrameHeader.REQUEST || calls.containsKey(header.streamId())) {
            reader.skip(header);
            if (!server.isSerial() && ++strayFrames > MAX_STRAY_FRAMES) {
                throw TtrpcException.protocol(
                        "the peer sends frames that are no calls: type "
                                + header.type()
                                + ", stream id "
                                + Integer.toUnsignedString(header.streamId()));
            }
            return;
        }
        Optional<String> refusal = refusal(header);
        if (refusal.isPresent()) {
            reader.skip(header);
            answer(header.streamId(), status(StatusCode.RESOURCE_EXHAUSTED, refusal.get()));
            return;
        }
        accept(header.streamId(), reader.body(header));
    }

    private Optional<String> refusal(FrameHeader header) {
        if (header.isOversized()) {
            return Optional.of(
                    "the request has "
                            + header.length()
                            + " bytes, longest allowed are "
                            + FrameHeader.MAX_BODY_BYTES);
        }
        if (calls.size() >= TtrpcServer.MAX_CALLS_IN_FLIGHT) {
            return Optional.of(
                    TtrpcServer.MAX_CALLS_IN_FLIGHT
                            + " calls are under way, which is the most allowed");
        }
        if (bytesInFlight.get() + header.length() > TtrpcServer.MAX_BYTES_IN_FLIGHT) {
            return Optional.of(
                    "the calls under way hold "
                            + bytesInFlight
                            + " bytes, most allowed are "
                            + TtrpcServer.MAX_BYTES_IN_FLIGHT);
        }
        return Optional.empty();
    }

    private void accept(int id, byte[] body) {
        Request request;
        try {
            request = Request.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            answer(
                    id,
                    status(
                            StatusCode.INVALID_ARGUMENT,
                            "the request cannot be read: " + e.getMessage()));
            return;
        }
        CallContext context = context(request);
        // Not the body itself: the call would keep it alive beside the request made from it.
        int bodyBytes = body.length;
        calls.put(id, context);
        bytesInFlight.addAndGet(bodyBytes);
        try {
            server.executor().execute(() -> serve(id, bodyBytes, request, context));
        } catch (RejectedExecutionException e) {
            finish(id, bodyBytes, context);
            answer(id, status(StatusCode.UNAVAILABLE, "no call is taken any more"));
        }
    }

    private CallContext context(Request request) {
        Map<String, String> metadata = HashMap.newHashMap(request.getMetadataCount());
        for (KeyValue entry : request.getMetadataList()) {
            metadata.put(entry.getKey(), entry.getValue());
        }
        long timeout = request.getTimeoutNano();
        return new CallContext(
                metadata,
                timeout > 0 ? Deadline.afterNanos(timeout) : Deadline.never(),
                server.threads());
    }

    private void serve(int id, int bodyBytes, Request request, CallContext context) {
        int held = bodyBytes;
        server.late().ifPresent(listener -> report(listener, request.getMethod(), context));
        try {
            byte[] frame = frame(id, call(request, context));
            context.finish();
            // Answers that wait for the peer to read count like requests that wait for us to work.
            bytesInFlight.addAndGet(frame.length);
            held += frame.length;
            send(frame);
        } finally {
            finish(id, held, context);
        }
    }

    private static void report(Consumer<String> listener, String method, CallContext context) {
        context.whenLate(stack -> listener.accept(method + " is not done yet: " + where(stack)));
    }

    private static String where(StackTraceElement[] stack) {
        StringBuilder text = new StringBuilder("it is");
        for (StackTraceElement frame :
                Arrays.asList(stack).subList(0, Math.min(stack.length, MAX_FRAMES))) {
            text.append(" in ")
                    .append(
                            frame.getClassName(),
                            frame.getClassName().lastIndexOf('.') + 1,
                            frame.getClassName().length())
                    .append('.')
                    .append(frame.getMethodName())
                    .append(':')
                    .append(frame.getLineNumber());
        }
        return text.toString();
    }

    private void finish(int id, int heldBytes, CallContext context) {
        context.finish();
        calls.remove(id);
        bytesInFlight.addAndGet(-heldBytes);
    }

    /** {@return the answer, or why there is none} */
    private Response call(Request request, CallContext context) {
        try {
            TtrpcService service = server.services().get(request.getService());
            if (service == null) {
                return status(
                        StatusCode.UNIMPLEMENTED,
                        "there is no service \"" + request.getService() + "\"");
            }
            MessageLite answer = service.call(request.getMethod(), request.getPayload(), context);
            return Response.newBuilder().setPayload(answer.toByteString()).build();
        } catch (TtrpcException e) {
            return status(e.status(), e.getMessage());
        } catch (InvalidProtocolBufferException e) {
            return status(
                    StatusCode.INVALID_ARGUMENT,
                    request.getMethod()
                            + ": the request's payload cannot be read: "
                            + e.getMessage());
        } catch (RuntimeException | Error e) {
            // A bug in the method. The peer learns that, and whoever runs this process learns the
            // rest.
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            return status(StatusCode.INTERNAL, request.getMethod() + " failed unexpectedly");
        }
    }

    private static Response status(StatusCode code, String message) {
        return Response.newBuilder()
                .setStatus(Status.newBuilder().setCode(code.number()).setMessage(message))
                .build();
    }

    private void answer(int id, Response response) {
        send(frame(id, response));
    }

    /** Waits for as long as the peer does not read; the end of the connection ends that, too. */
    private void send(byte[] frame) {
        try {
            sender.send(frame, Deadline.never());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TtrpcException _) {
            // Nobody is there to read the answer.
        }
    }

    private static byte[] frame(int id, Response response) {
        int length = response.getSerializedSize();
        if (length > FrameHeader.MAX_BODY_BYTES) {
            return frame(
                    id,
                    status(
                            StatusCode.RESOURCE_EXHAUSTED,
                            "the answer has "
                                    + length
                                    + " bytes, longest allowed are "
                                    + FrameHeader.MAX_BODY_BYTES));
        }
        byte[] frame = new byte[FrameHeader.BYTES + length];
        FrameHeader.response(length, id).encode(frame);
        try {
            response.writeTo(CodedOutputStream.newInstance(frame, FrameHeader.BYTES, length));
        } catch (IOException e) {
            throw new AssertionError("an array of the message's size is too small for it", e);
        }
        return frame;
    }
}
