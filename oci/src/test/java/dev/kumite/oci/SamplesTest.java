package dev.kumite.oci;

import static dev.kumite.oci.Problems.readValue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Documents that programs wrote: containerd 1.6.20 and podman 4.3.1 on Debian 12, recorded at
 * {@code create}.
 */
class SamplesTest {

    static final List<String> SAMPLES = Documents.SAMPLES;

    private static Spec sample(String name) {
        return readValue(SpecReader.read(Documents.sample(name), name));
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void areTheSameAfterWritingAndReading(String name) {
        Spec spec = sample(name);

        assertThat(readValue(SpecReader.read(SpecWriter.write(spec), name))).isEqualTo(spec);
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void loseNothingThatTheyHold(String name) {
        String document = Documents.sample(name);

        String written = SpecWriter.write(readValue(SpecReader.readPlain(document, name)));

        assertThat(Documents.pieces(written))
                .extracting(Documents.Piece::pointer)
                .containsAll(
                        Documents.pieces(document).stream()
                                .filter(piece -> !holdsNothing(piece.textIn(document)))
                                .map(Documents.Piece::pointer)
                                .toList());
    }

    @Test
    void ofContainerdHoldTheCommandAndItsUser() {
        Process process = sample("ctr-run").process().orElseThrow();

        assertThat(process.args())
                .containsExactly("sh", "-c", "echo hi; ls -l /proc/self/fd; exit 7");
        assertThat(process.user()).isEqualTo(new User(0, 0, Optional.empty(), List.of(0L), ""));
        assertThat(process.noNewPrivileges()).isTrue();
        assertThat(process.rlimits())
                .containsExactly(
                        new Process.Rlimit("RLIMIT_NOFILE", Uint64.of(1024), Uint64.of(1024)));
    }

    @Test
    void ofAPodHoldItsSectionsAndAnnotations() {
        Spec spec = sample("cri-sandbox");

        assertThat(spec.hostname()).isEqualTo("podhost");
        assertThat(spec.root()).hasValue(new Root("rootfs", true));
        assertThat(spec.annotations().entrySet().iterator().next().toString())
                .isEqualTo("io.kubernetes.cri.container-type=sandbox");
        assertThat(spec.process().orElseThrow().oomScoreAdj()).hasValue(0L);
    }

    @Test
    void ofAContainerInAPodHoldItsLimits() {
        Resources resources =
                sample("cri-container").linux().orElseThrow().resources().orElseThrow();

        assertThat(resources.memory().orElseThrow().limit()).hasValue(67_108_864L);
        assertThat(resources.cpu().orElseThrow().quota()).hasValue(50_000L);
        assertThat(resources.cpu().orElseThrow().period()).hasValue(Uint64.of(100_000));
        assertThat(resources.devices())
                .containsExactly(
                        new Resources.DeviceRule(
                                false, "", Optional.empty(), Optional.empty(), "rwm"));
    }

    @Test
    void ofPodmanHoldNamespacesMountsAndSeccomp() {
        Spec spec = sample("podman-run");

        Linux linux = spec.linux().orElseThrow();
        assertThat(linux.namespaces())
                .extracting(Namespace::type)
                .containsExactly("pid", "network", "ipc", "uts", "mount");
        assertThat(linux.seccomp().orElseThrow().defaultAction()).isEqualTo("SCMP_ACT_ERRNO");
        assertThat(linux.seccomp().orElseThrow().syscalls()).hasSizeGreaterThan(10);
        assertThat(spec.mounts().getFirst())
                .isEqualTo(Mount.of("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")));
        assertThat(spec.process().orElseThrow().user().umask()).hasValue(18L);
    }

    @Test
    void ofAPrivilegedContainerHoldItsDevices() {
        Linux linux = sample("podman-run-privileged").linux().orElseThrow();

        assertThat(linux.devices()).hasSize(102);
        assertThat(linux.resources().orElseThrow().devices().getFirst().allow()).isTrue();
        assertThat(linux.seccomp()).isEmpty();
    }

    @Test
    void ofAPodmanPodHoldTheirContainerType() {
        assertThat(sample("podman-pod-ctr-a").annotations())
                .containsEntry("io.kubernetes.cri-o.ContainerType", "container");
    }

    private static boolean holdsNothing(String json) {
        return List.of("0", "false", "\"\"", "null", "[]", "{}")
                .contains(json.replaceAll("\\s", ""));
    }
}
