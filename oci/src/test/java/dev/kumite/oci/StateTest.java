package dev.kumite.oci;

import static dev.kumite.oci.Problems.pathsOf;
import static dev.kumite.oci.Problems.readValue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.testing.Gen;
import dev.kumite.oci.testing.GenSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateTest {

    private static final String JSON =
            "{\"ociVersion\":\"1.0.2\",\"id\":\"c1\",\"status\":\"running\",\"pid\":4422,"
                    + "\"bundle\":\"/containers/redis\",\"annotations\":{\"myKey\":\"myValue\"}}";

    private static final State STATE =
            new State(
                    "1.0.2",
                    "c1",
                    "running",
                    4422,
                    "/containers/redis",
                    Map.of("myKey", "myValue"));

    @Test
    void isRead() {
        assertThat(readValue(StateReader.read(JSON, "state.json"))).isEqualTo(STATE);
        assertThat(readValue(StateReader.read(JSON.getBytes(UTF_8), "state.json")))
                .isEqualTo(STATE);
    }

    @Test
    void isWritten() {
        assertThat(StateWriter.write(STATE)).isEqualTo(JSON);
    }

    @Test
    void isWrittenWithoutPidAndAnnotationsIfThereAreNone() {
        assertThat(StateWriter.write(new State("1", "c", "stopped", 0, "/b", Map.of())))
                .isEqualTo(
                        "{\"ociVersion\":\"1\",\"id\":\"c\",\"status\":\"stopped\",\"bundle\":\"/b\"}");
    }

    @Test
    void isRefusedWithOtherTypes() {
        assertThat(pathsOf(StateReader.read("{\"id\":1,\"pid\":\"1\",\"annotations\":[]}", "s")))
                .containsExactly("/id", "/pid", "/annotations");
    }

    @Test
    void isTheSameAfterWritingAndReading() {
        Gen.forAll(
                500,
                gen -> {
                    State state = GenSpec.state(gen);

                    assertThat(readValue(StateReader.read(StateWriter.write(state), "s")))
                            .isEqualTo(state);
                });
    }
}
