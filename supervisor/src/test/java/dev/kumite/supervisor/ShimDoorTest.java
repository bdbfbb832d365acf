package dev.kumite.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.supervisor.FrontHarness.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShimDoorTest {

    @TempDir private Path directory;
    private FrontHarness front;

    @BeforeEach
    void open() throws IOException {
        front = new FrontHarness(directory);
    }

    @AfterEach
    void close() throws InterruptedException {
        front.close();
    }

    @Test
    void startPrintsTheAddressAndNothingElse() throws Exception {
        Result start =
                front.run(
                        "shim", "-namespace", "n", "-address", "/c", "-id", "t", "-debug", "start");

        assertThat(start.code()).isZero();
        assertThat(start.err()).isEmpty();
        assertThat(start.out()).startsWith("unix://" + front.root + "/.shim/").endsWith("/s");
        assertThat(directory.resolve("address")).hasContent(start.out());
    }

    @Test
    void deletePrintsTheAnswerAndNothingElse() throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");

        Process delete =
                front.start(
                        Path.of("/dev/null"),
                        out,
                        err,
                        "shim",
                        "-namespace",
                        "n",
                        "-id",
                        "t",
                        "-bundle",
                        directory.toString(),
                        "delete");

        assertThat(delete.waitFor()).isZero();
        assertThat(err).isEmptyFile();
        // Field 2, the exit status: 137.
        assertThat(Files.readAllBytes(out)).startsWith(0x10, 0x89, 0x01);
    }

    @Test
    void whatMakesNoSenseIsRefusedWithAMessage() throws Exception {
        Result refused = front.run("shim", "-namespace", "n", "-id", "t", "stop");

        assertThat(refused.code()).isOne();
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("unknown action \"stop\"");
    }
}
