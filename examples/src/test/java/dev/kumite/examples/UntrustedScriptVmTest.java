package dev.kumite.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.engine.Deadlines;
import dev.kumite.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("vm")
class UntrustedScriptVmTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir Path files;
    private Path root;
    private Engine engine;
    private Path rootfs;

    @BeforeEach
    void open() throws IOException {
        root = Files.createTempDirectory("kumite-vm-");
        engine =
                Engine.builder()
                        .root(root)
                        .guest(Path.of(System.getProperty("kumite.guest")))
                        .deadlines(Deadlines.DEFAULT.withAgent(PATIENCE).withCall(PATIENCE))
                        .build();
        rootfs = Files.createDirectory(files.resolve("rootfs"));
        for (String name : List.of("bin", "dev", "proc", "sys", "tmp")) {
            Files.createDirectory(rootfs.resolve(name));
        }
        Files.createFile(rootfs.resolve("script"));
        Files.copy(Path.of("/bin/busybox"), rootfs.resolve("bin/busybox"));
        for (String name : List.of("sh", "cat", "ls", "sleep", "tail", "touch")) {
            Files.createSymbolicLink(rootfs.resolve("bin").resolve(name), Path.of("busybox"));
        }
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(engine.list()).isEmpty();
        Files.delete(root);
    }

    private UntrustedScript.Verdict run(String script, Duration time) throws IOException {
        return new UntrustedScript(engine, rootfs, time)
                .run(Files.writeString(files.resolve("script"), script));
    }

    @Test
    void tellsWhatAScriptDid() throws IOException {
        UntrustedScript.Verdict verdict =
                run(
                        "echo hello; ls /sys/class/net; touch /x; touch /tmp/x && echo scratch;"
                                + " exit 7",
                        PATIENCE);

        assertThat(verdict.code()).isEqualTo(7);
        assertThat(verdict.tookTooLong()).isFalse();
        assertThat(verdict.output())
                .startsWith("hello\nlo\n")
                .contains("Read-only file system")
                .endsWith("scratch\n");
    }

    @Test
    void stopsAScriptThatTakesTooLong() throws IOException {
        UntrustedScript.Verdict verdict =
                run("echo begin; while :; do :; done", Duration.ofSeconds(10));

        assertThat(verdict.tookTooLong()).isTrue();
        assertThat(verdict.output()).isEqualTo("begin\n");
        assertThat(verdict.code()).isEqualTo(137);
    }

    @Test
    void stopsAScriptThatWantsTooMuchMemory() throws IOException {
        UntrustedScript.Verdict verdict = run("exec tail /dev/zero", PATIENCE);

        assertThat(verdict.ranOutOfMemory()).isTrue();
        assertThat(verdict.code()).isEqualTo(137);
    }
}
