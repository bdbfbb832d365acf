package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guest caches files of the share, and yet sees what the host does to them, and the reverse.
 */
@Tag("vm")
@ExtendWith(SharedMachine.Extension.class)
class CacheVmTest {

    @TempDir Path volume;
    private final SharedMachine machine;

    CacheVmTest(SharedMachine machine) {
        this.machine = machine;
    }

    @Test
    void seesFilesThatTheHostChangesMakesAndTakesAway() throws IOException {
        Path file = Files.writeString(volume.resolve("file"), "one\n");
        Path gone = Files.createFile(volume.resolve("gone"));
        try (Container container =
                machine.sandbox()
                        .create(
                                machine.shell(
                                                "cat /v/file; ls /v/gone /v/new 2>&1; echo >/v/ready;"
                                                        + " until grep -q longer /v/file; do usleep 10000; done;"
                                                        + " until [ -e /v/new ]; do usleep 10000; done;"
                                                        + " while [ -e /v/gone ]; do usleep 10000; done;"
                                                        + " cat /v/file; echo written >/v/answer")
                                        .mount(volume, "/v")
                                        .build())) {
            ContainerProcess process = container.start();
            VmFixture.await(volume.resolve("ready"));
            Files.writeString(file, "two, and longer\n");
            Files.createFile(volume.resolve("new"));
            Files.delete(gone);

            VmFixture.Result result = VmFixture.finish(process, SharedMachine.NOTHING);

            assertThat(result.stdout()).startsWith("one\n").endsWith("two, and longer\n");
            assertThat(result.code()).isZero();
        }
        assertThat(volume.resolve("answer")).content().isEqualTo("written\n");
    }
}
