package dev.kumite.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtiofsdCommandLineTest {

    private static VirtiofsdCommandLine line(
            VirtiofsdCommandLine.Flavour flavour, String cache, String... extra) {
        return new VirtiofsdCommandLine(
                Path.of("/v"),
                flavour,
                Path.of("/s/virtiofsd.sock"),
                Path.of("/s/sha,red"),
                cache,
                List.of(extra));
    }

    @Test
    void theDaemonInCTakesMountOptions() {
        assertThat(line(VirtiofsdCommandLine.Flavour.C, "auto", "-o", "xattr").arguments())
                .containsExactly(
                        "/v",
                        "--socket-path=/s/virtiofsd.sock",
                        "-f",
                        "-o",
                        "source=/s/sha\\,red",
                        "-o",
                        "cache=auto",
                        "-o",
                        "sandbox=namespace",
                        "-o",
                        "announce_submounts",
                        "-o",
                        "xattr");
    }

    @Test
    void theDaemonInRustTakesLongOptions() {
        assertThat(
                        line(
                                        VirtiofsdCommandLine.Flavour.RUST,
                                        "",
                                        "--announce-submounts",
                                        "--thread-pool-size=1")
                                .arguments())
                .containsExactly(
                        "/v",
                        "--socket-path=/s/virtiofsd.sock",
                        "--shared-dir=/s/sha,red",
                        "--sandbox=namespace",
                        "--announce-submounts",
                        "--thread-pool-size=1");
    }

    @Test
    void theTwoAreToldByTheirVersions() {
        assertThat(
                        VirtiofsdCommandLine.Flavour.of(
                                "virtiofsd version 7.2.22 (Debian)\nusing FUSE kernel interface version 7.36"))
                .isEqualTo(VirtiofsdCommandLine.Flavour.C);
        assertThat(VirtiofsdCommandLine.Flavour.of("virtiofsd 1.10.1"))
                .isEqualTo(VirtiofsdCommandLine.Flavour.RUST);
        assertThatThrownBy(() -> VirtiofsdCommandLine.Flavour.detect(Path.of("/nowhere/v")))
                .isInstanceOf(VmmException.class)
                .hasMessageContaining("install virtiofsd");
        assertThat(VirtiofsdCommandLine.Flavour.detect(Path.of("/bin/true")))
                .isEqualTo(VirtiofsdCommandLine.Flavour.RUST);
    }
}
