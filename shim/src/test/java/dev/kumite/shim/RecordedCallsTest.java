package dev.kumite.shim;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.kumite.shim.messages.ConnectRequest;
import dev.kumite.shim.messages.CreateTaskRequest;
import dev.kumite.shim.messages.DeleteRequest;
import dev.kumite.shim.messages.ForwardRequest;
import dev.kumite.shim.messages.ShutdownRequest;
import dev.kumite.shim.messages.StartRequest;
import dev.kumite.shim.messages.StateRequest;
import dev.kumite.shim.messages.WaitRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What containerd 1.6.20 and its runc shim have said to each other. */
final class RecordedCallsTest {

    private static final Pattern REQUEST =
            Pattern.compile("\"type\": 1,.*\"method\": \"(\\w+)\", \"payload\": \"([0-9a-f]*)\"");

    private static List<String> lines(String name) throws IOException {
        try (InputStream in = RecordedCallsTest.class.getResourceAsStream("/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static MessageLite read(String method, byte[] payload) throws IOException {
        return switch (method) {
            case "Create" -> CreateTaskRequest.parseFrom(payload);
            case "Start" -> StartRequest.parseFrom(payload);
            case "State" -> StateRequest.parseFrom(payload);
            case "Wait" -> WaitRequest.parseFrom(payload);
            case "Delete" -> DeleteRequest.parseFrom(payload);
            case "Connect" -> ConnectRequest.parseFrom(payload);
            case "Shutdown" -> ShutdownRequest.parseFrom(payload);
            case "Forward" -> ForwardRequest.parseFrom(payload);
            default -> throw new AssertionError("method " + method);
        };
    }

    @Test
    void areReadAndWrittenAsTheyWere() throws Exception {
        int calls = 0;
        for (String line : lines("ttrpc-ctr-run.jsonl")) {
            Matcher request = REQUEST.matcher(line);
            if (request.find()) {
                byte[] payload = HexFormat.of().parseHex(request.group(2));

                assertThat(read(request.group(1), payload).toByteArray()).isEqualTo(payload);
                calls++;
            }
        }
        assertThat(calls).isGreaterThan(10);
    }

    @Test
    void nameTheRootFileSystem() throws Exception {
        byte[] payload =
                lines("ttrpc-ctr-run.jsonl").stream()
                        .map(REQUEST::matcher)
                        .filter(found -> found.find() && found.group(1).equals("Create"))
                        .map(found -> HexFormat.of().parseHex(found.group(2)))
                        .findFirst()
                        .orElseThrow();

        CreateTaskRequest create = CreateTaskRequest.parseFrom(payload);

        assertThat(create.getRootfs(0).getType()).isEqualTo("overlay");
        assertThat(create.getRootfs(0).getOptionsList()).contains("index=off");
        assertThat(create.getStdout()).endsWith("-stdout");
    }

    @Test
    void nameTheConfigurationInTheOptionsOfTheCri() throws Exception {
        String line = lines("shim-start-with-cri-options.jsonl").getFirst();
        Matcher stdin = Pattern.compile("\"stdin\": \"([0-9a-f]+)\"").matcher(line);
        assertThat(stdin.find()).isTrue();

        Any options = Any.parseFrom(HexFormat.of().parseHex(stdin.group(1)));

        assertThat(TaskDocuments.configuration(options)).contains("/etc/xyz/configuration.toml");
    }

    @Test
    void leaveOptionsOfAnotherTypeAside() {
        Stream.of(
                        Any.getDefaultInstance(),
                        Any.newBuilder().setTypeUrl("containerd.runc.v1.Options").build())
                .forEach(options ->
                        assertThat(TaskDocuments.configuration(options))
                                .isEqualTo(Optional.empty()));
        Any damaged =
                Any.newBuilder()
                        .setTypeUrl("runtimeoptions.v1.Options")
                        .setValue(ByteString.copyFromUtf8("\u0012P"))
                        .build();

        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> TaskDocuments.configuration(damaged))
                .isInstanceOf(ShimException.class);
    }
}
