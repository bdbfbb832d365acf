package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.SpecWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of the package's documentation, each with machines of its own. */
@Tag("vm")
class TutorialVmTest {

    @TempDir Path files;

    @Test
    void doesWhatTheDocumentationSays() throws IOException {
        Path root = VmFixture.temporaryRoot();
        Path rootfs = TestRootfs.make(files.resolve("rootfs"));
        Engine engine = VmFixture.engine(root);
        Tutorial tutorial = new Tutorial(engine, rootfs);
        Path script = Files.writeString(files.resolve("script"), "while :; do :; done");
        ContainerRequest idle =
                Workload.builder().id("idle").rootfs(rootfs).command("sleep", "1000").build();
        Files.writeString(
                files.resolve("config.json"),
                SpecWriter.write(Workload.builder().rootfs(rootfs).command("true").build().spec()));

        assertThat(tutorial.run()).isZero();
        assertThat(tutorial.limits(script).code()).isEqualTo(137);
        try (Sandbox sandbox = engine.start(idle)) {
            assertThat(tutorial.exec(sandbox)).isEqualTo("a\nb\n");
            tutorial.crash();
        }
        tutorial.bundle(files);

        assertThat(engine.list()).isEmpty();
        Files.deleteIfExists(root);
    }
}
