package dev.kumite.ttrpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.MessageLite;
import dev.kumite.ttrpc.messages.Request;
import dev.kumite.ttrpc.messages.Response;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Two pipes, a client's end and a server's, and frames made by hand for either. */
final class Line implements AutoCloseable {

    static final int CAPACITY = 64 << 10;

    final Pipe toServer = new Pipe(CAPACITY);
    final Pipe toClient = new Pipe(CAPACITY);

    TtrpcClient client() {
        return client(TtrpcOptions.DEFAULT);
    }

    TtrpcClient client(TtrpcOptions options) {
        return TtrpcClient.open(toClient.in, toServer.out, this::close, options);
    }

    Thread serve(TtrpcServer server) {
        return Thread.ofVirtual()
                .name("test-server")
                .start(() -> server.serve(toServer.in, toClient.out));
    }

    @Override
    public void close() {
        toServer.close();
        toClient.close();
    }

    static byte[] frame(long length, int streamId, int type, byte[] body) {
        return ByteBuffer.allocate(10 + body.length)
                .putInt((int) length)
                .putInt(streamId)
                .put((byte) type)
                .put((byte) 0)
                .put(body)
                .array();
    }

    static byte[] request(int streamId, String service, String method, MessageLite payload) {
        byte[] body =
                Request.newBuilder()
                        .setService(service)
                        .setMethod(method)
                        .setPayload(payload.toByteString())
                        .build()
                        .toByteArray();
        return frame(body.length, streamId, 1, body);
    }

    static byte[] answer(int streamId, String text) {
        byte[] body =
                Response.newBuilder()
                        .setPayload(ByteString.copyFromUtf8(text))
                        .build()
                        .toByteArray();
        return frame(body.length, streamId, 2, body);
    }

    /** Reads one frame that must be there, and returns its stream id and response. */
    static Answer readAnswer(Pipe pipe) throws IOException {
        DataInputStream in = new DataInputStream(pipe.in);
        int length = in.readInt();
        int id = in.readInt();
        int type = in.readUnsignedByte();
        in.readUnsignedByte();
        byte[] body = new byte[length];
        in.readFully(body);
        if (type != 2) {
            throw new IOException("not an answer: " + type);
        }
        return new Answer(id, Response.parseFrom(body));
    }

    record Answer(int streamId, Response response) {

        StatusCode code() {
            return StatusCode.of(response.getStatus().getCode());
        }
    }

    static BytesValue bytes(byte[] value) {
        return BytesValue.of(ByteString.copyFrom(value));
    }

    static BytesValue text(String value) {
        return BytesValue.of(ByteString.copyFromUtf8(value));
    }
}
