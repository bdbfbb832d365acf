package dev.kumite.oci;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes are: a value, or problems. Without Jazzer's fuzzing mode the seeds are all
 * that is tried; {@code JAZZER_FUZZ=1} goes on from them.
 */
class SpecReaderFuzzTest {

    static Stream<Arguments> configs() {
        return Stream.concat(
                        Stream.of(Documents.everything(), Documents.otherSystems(), "null", "{}"),
                        Documents.SAMPLES.stream().map(Documents::sample))
                .map(document -> Arguments.of((Object) document.getBytes(StandardCharsets.UTF_8)));
    }

    static Stream<Arguments> states() {
        return Stream.of(
                        "{\"ociVersion\":\"1.0.2\",\"id\":\"c1\",\"status\":\"running\",\"pid\":4422,"
                                + "\"bundle\":\"/b\",\"annotations\":{\"k\":\"v\"}}",
                        "{\"PID\":-1}")
                .map(document -> Arguments.of((Object) document.getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("configs")
    @FuzzTest
    void readsAnyConfig(byte[] document) {
        SpecPropertyTest.assertIsReadOrRefused(document);
    }

    @MethodSource("states")
    @FuzzTest
    void readsAnyState(byte[] document) {
        Outcome<State> outcome = StateReader.read(document, "fuzz");
        if (outcome.value().isPresent()) {
            State state = outcome.value().get();
            if (!StateReader.read(StateWriter.write(state), "again")
                    .value()
                    .equals(outcome.value())) {
                throw new AssertionError(state);
            }
        }
    }
}
