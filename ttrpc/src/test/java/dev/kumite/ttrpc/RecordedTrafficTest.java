package dev.kumite.ttrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumite.ttrpc.messages.KeyValue;
import dev.kumite.ttrpc.messages.Request;
import dev.kumite.ttrpc.messages.Response;
import dev.kumite.ttrpc.messages.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What containerd and its shim said to each other, said by our messages. */
class RecordedTrafficTest {

    @Test
    void ourFramesHaveTheSameLengthsAndReadBackTheSame() throws IOException {
        List<String[]> frames = recorded();

        assertThat(frames).hasSizeGreaterThan(50);
        for (String[] frame : frames) {
            byte[] body = frame[1].equals("1") ? request(frame) : response(frame);
            assertThat(body).as(String.join(" ", frame)).hasSize(Integer.parseInt(frame[2]));
        }
    }

    private static byte[] request(String[] frame) throws InvalidProtocolBufferException {
        Request.Builder request =
                Request.newBuilder()
                        .setService(frame[3])
                        .setMethod(frame[4])
                        .setPayload(hex(frame[10]));
        if (!frame[5].equals("-")) {
            request.setTimeoutNano(Long.parseLong(frame[5]));
        }
        if (!frame[6].equals("-")) {
            request.addMetadata(KeyValue.newBuilder().setKey(frame[6]).setValue(frame[7]));
        }
        byte[] body = request.build().toByteArray();
        assertThat(Request.parseFrom(body)).isEqualTo(request.build());
        return body;
    }

    private static byte[] response(String[] frame) throws InvalidProtocolBufferException {
        Response.Builder response = Response.newBuilder().setPayload(hex(frame[10]));
        if (!frame[8].equals("-")) {
            response.setStatus(
                    Status.newBuilder()
                            .setCode(Integer.parseInt(frame[8]))
                            .setMessage(hex(frame[9]).toStringUtf8()));
        }
        byte[] body = response.build().toByteArray();
        assertThat(Response.parseFrom(body)).isEqualTo(response.build());
        return body;
    }

    private static ByteString hex(String text) {
        return text.equals("-")
                ? ByteString.EMPTY
                : ByteString.copyFrom(HexFormat.of().parseHex(text));
    }

    private static List<String[]> recorded() throws IOException {
        try (InputStream in =
                RecordedTrafficTest.class.getResourceAsStream("recorded-frames.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .toList();
        }
    }
}
