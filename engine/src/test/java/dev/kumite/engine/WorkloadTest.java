package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumite.oci.Mount;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import dev.kumite.oci.SpecWriter;
import dev.kumite.oci.Uint64;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    private static Workload.Builder workload() {
        return Workload.builder().rootfs(Path.of("/roots/a")).command("sh", "-c", "x");
    }

    @Test
    void isASpecificationThatCanBeWrittenAndRead() {
        Spec spec =
                workload()
                        .id("me")
                        .env("A", "b=c")
                        .cwd("/w")
                        .user(1, 2)
                        .hostname("h")
                        .terminal()
                        .readOnlyRoot()
                        .tmpfs("/scratch", MemorySize.ofMib(4))
                        .memory(MemorySize.ofMib(64))
                        .cpus(1.5)
                        .pids(20)
                        .noNetwork()
                        .annotation("k", "v")
                        .build()
                        .spec();

        assertThat(SpecReader.readPlain(SpecWriter.write(spec), "<test>").value()).contains(spec);
    }

    @Test
    void hasNoNetworkAndNoWayToMoreRights() {
        Spec spec = workload().noNetwork().build().spec();

        assertThat(spec.linux().orElseThrow().namespaces())
                .contains(new dev.kumite.oci.Namespace("network", ""));
        assertThat(spec.process().orElseThrow().noNewPrivileges()).isTrue();
        assertThat(spec.linux().orElseThrow().maskedPaths()).contains("/proc/kcore");
    }

    @Test
    void limitsMemoryWithoutSwapAndTimeByQuota() {
        Resources limits =
                workload()
                        .memory(MemorySize.ofMib(1))
                        .cpus(0.25)
                        .pids(3)
                        .build()
                        .spec()
                        .linux()
                        .orElseThrow()
                        .resources()
                        .orElseThrow();

        assertThat(limits.memory().orElseThrow().limit()).contains(1L << 20);
        assertThat(limits.memory().orElseThrow().swap()).contains(1L << 20);
        assertThat(limits.cpu().orElseThrow().quota()).contains(25_000L);
        assertThat(limits.cpu().orElseThrow().period()).contains(Uint64.of(100_000));
        assertThat(limits.pids().orElseThrow().limit()).isEqualTo(3);
    }

    @Test
    void isNamedAnewWhereNoNameIsGiven() {
        assertThat(workload().build().id())
                .startsWith("kumite-")
                .isNotEqualTo(workload().build().id());
    }

    @Test
    void replacesThePathWhereAnotherIsGiven() {
        assertThat(workload().env("PATH", "/x").build().spec().process().orElseThrow().env())
                .containsExactly("PATH=/x");
    }

    @Test
    void bindsWhatIsMounted() {
        Spec spec =
                workload()
                        .mount(Path.of("/a"), "/x")
                        .mountReadOnly(Path.of("/b"), "/y")
                        .build()
                        .spec();

        assertThat(spec.mounts())
                .contains(
                        Mount.of("/x", "bind", "/a", List.of("rbind", "rw")),
                        Mount.of("/y", "bind", "/b", List.of("rbind", "ro")));
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> workload().cpus(0));
        assertThatIllegalArgumentException().isThrownBy(() -> workload().cpus(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> workload().pids(0));
        assertThatIllegalArgumentException().isThrownBy(() -> workload().env("A=B", "c"));
        assertThatIllegalArgumentException().isThrownBy(() -> workload().env("", "c"));
        assertThatIllegalArgumentException().isThrownBy(() -> new MemorySize(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProcessSpec.builder().env("X", "y").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ContainerRequest(Spec.empty(), Path.of("relative"), "id"));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> Workload.builder().command("x").build());
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> Workload.builder().rootfs(Path.of("/")).build());
    }

    @Test
    void readsABundleOrSaysWhyNot(@org.junit.jupiter.api.io.TempDir Path bundle)
            throws java.io.IOException {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> ContainerRequest.ofBundle(bundle, "c"))
                .matches(e -> e.category() == EngineException.Category.HOST)
                .withMessageContaining("no such file or directory");
        java.nio.file.Files.writeString(bundle.resolve("config.json"), "{\"process\": 3}");
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> ContainerRequest.ofBundle(bundle, "c"))
                .matches(e -> e.category() == EngineException.Category.REFUSED)
                .matches(e -> !e.problems().isEmpty());
        java.nio.file.Files.writeString(
                bundle.resolve("config.json"), SpecWriter.write(workload().build().spec()));
        assertThat(ContainerRequest.ofBundle(bundle, "c").spec().mounts()).hasSize(7);
    }

    @Test
    void writesSizesInTheLargestUnitThatFits() {
        assertThat(MemorySize.ofMib(64)).hasToString("64 MiB");
        assertThat(MemorySize.ofGib(2)).hasToString("2 GiB").isGreaterThan(MemorySize.ofMib(1));
        assertThat(new MemorySize(1500)).hasToString("1500 B");
        assertThat(new MemorySize(0)).hasToString("0 B");
        assertThat(new MemorySize((1 << 20) + 1).mibCeiling()).isEqualTo(2);
    }

    @Test
    void tellsASignalFromAnExitCode() {
        assertThat(new ExitStatus(137, true).signal()).hasValue(9);
        assertThat(new ExitStatus(128, false).signal()).isEmpty();
        assertThat(new ExitStatus(0, false).isSuccess()).isTrue();
        assertThat(new ExitStatus(1, false).isSuccess()).isFalse();
    }

    @Test
    void hasDeadlinesThatAreAboveZero() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deadlines.DEFAULT.withAgent(java.time.Duration.ZERO));
        assertThat(Deadlines.DEFAULT.withCall(java.time.Duration.ofSeconds(1)).call())
                .isEqualTo(java.time.Duration.ofSeconds(1));
    }
}
