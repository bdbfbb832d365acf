package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecWriter;
import dev.kumite.oci.Uint64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SandboxPlannerTest {

    @Nested
    class SharedMemory {

        @Test
        void isSixtyFourMebibytesForATmpfs() {
            assertThat(shm("{\"destination\":\"/dev/shm\",\"type\":\"tmpfs\"}", new FakeHost()))
                    .isEqualTo(SandboxPlanner.DEFAULT_SHM_SIZE);
        }

        @Test
        void isAsLargeAsTheFileSystemBehindABindMount() {
            FakeHost host = new FakeHost().withFileSystem("/pods/shm", 12345);

            assertThat(
                            shm(
                                    "{\"destination\":\"/dev/shm\",\"type\":\"bind\",\"source\":\"/pods/shm\"}",
                                    host))
                    .isEqualTo(Uint64.of(12345));
        }

        @Test
        void isTheDefaultForTheHostsOwn() {
            assertThat(
                            shm(
                                    "{\"destination\":\"/dev/shm\",\"type\":\"bind\",\"source\":\"/dev/shm\"}",
                                    new FakeHost()))
                    .isEqualTo(SandboxPlanner.DEFAULT_SHM_SIZE);
        }

        @Test
        void isZeroWithoutAMount() {
            assertThat(shm("{\"destination\":\"/dev/shm/\",\"type\":\"tmpfs\"}", new FakeHost()))
                    .isEqualTo(Uint64.ZERO);
        }

        @Test
        void ofASourceThatDoesNotExistIsRefused() {
            Spec spec =
                    TestRuntime.spec(
                            "\"mounts\":[{\"destination\":\"/dev/shm\",\"type\":\"bind\",\"source\":\"/nope\"}]");

            assertThat(TestRuntime.text(TestRuntime.plan(TestRuntime.open(), spec)))
                    .contains("/mounts/0/source is \"/nope\", which does not exist");
        }

        @Test
        void isTheDefaultWhereFilesAreAssumed() {
            Spec spec =
                    TestRuntime.spec(
                            "\"mounts\":[{\"destination\":\"/dev/shm\",\"type\":\"bind\",\"source\":\"/nope\"}]");

            Outcome<SandboxConfig> outcome =
                    TestRuntime.plan(TestRuntime.open().withFilesAssumed(true), spec);

            assertThat(outcome.value().orElseThrow().settings().get(SandboxFields.SHM_SIZE))
                    .isEqualTo(SandboxPlanner.DEFAULT_SHM_SIZE);
            assertThat(TestRuntime.text(outcome)).contains("warning", "64 MiB are planned");
        }

        private Uint64 shm(String mount, Host host) {
            return TestRuntime.plan(
                            TestRuntime.open(),
                            TestRuntime.spec("\"mounts\":[" + mount + "]"),
                            host)
                    .value()
                    .orElseThrow()
                    .settings()
                    .get(SandboxFields.SHM_SIZE);
        }
    }

    @Nested
    class Network {

        @Test
        void isTheLastNamespaceWithAPath() {
            Spec spec =
                    TestRuntime.spec(
                            "\"linux\":{\"namespaces\":[{\"type\":\"network\",\"path\":\"/a\"},"
                                    + "{\"type\":\"network\",\"path\":\"/b\"},{\"type\":\"network\"},{\"type\":\"pid\",\"path\":\"/c\"}]}");

            Settings<NetworkConfig> network =
                    TestRuntime.plan(TestRuntime.open(), spec)
                            .value()
                            .orElseThrow()
                            .networkConfig();

            assertThat(network.get(NetworkConfig.NETWORK_ID)).isEqualTo("/b");
            assertThat(network.origin(NetworkConfig.NETWORK_ID))
                    .isEqualTo(new Origin.SpecPath("/linux/namespaces/1/path"));
        }
    }

    @Nested
    class StaticSizing {

        private final RuntimeConfig runtime =
                TestRuntime.with(
                        TestRuntime.open(),
                        Settings.builder(RuntimeFields.SCHEMA)
                                .set(RuntimeFields.HYPERVISOR_TYPE, "qemu", Origin.DEFAULT)
                                .set(
                                        RuntimeFields.STATIC_SANDBOX_RESOURCE_MGMT,
                                        true,
                                        Origin.DEFAULT)
                                .build());

        @Test
        void addsTheWorkloadToWhatTheAnnotationsSay() {
            Spec spec = TestRuntime.annotated(AnnotationTable.HYPERVISOR + "default_memory", "512");

            SandboxConfig sandbox =
                    SandboxPlanner.of(runtime, new FakeHost(), BuildConstants.PACKAGED)
                            .sandbox(spec, TestRuntime.REQUEST, Sizing.of(2, 100, Origin.DEFAULT))
                            .value()
                            .orElseThrow();

            assertThat(sandbox.hypervisorConfig().get(HypervisorConfig.NUM_VCPUS)).isEqualTo(3);
            assertThat(sandbox.hypervisorConfig().get(HypervisorConfig.MEMORY_SIZE)).isEqualTo(612);
            assertThat(sandbox.sandboxResources().get(SandboxResources.BASE_MEM_MB)).isEqualTo(512);
            assertThat(sandbox.hypervisorConfig().origin(HypervisorConfig.MEMORY_SIZE).describe())
                    .contains("512 + 100 for the workload");
        }

        @Test
        void wrapsWhereTheOriginalWraps() {
            SandboxConfig sandbox =
                    SandboxPlanner.of(runtime, new FakeHost(), BuildConstants.PACKAGED)
                            .sandbox(
                                    TestRuntime.spec(""),
                                    TestRuntime.REQUEST,
                                    Sizing.of(0xFFFF_FFFFL, 0, Origin.DEFAULT))
                            .value()
                            .orElseThrow();

            assertThat(sandbox.hypervisorConfig().get(HypervisorConfig.NUM_VCPUS)).isZero();
        }
    }

    @Nested
    class WhatHappens {

        private static final String TYPE = "io.kubernetes.cri.container-type";
        private static final String SANDBOX = "io.kubernetes.cri.sandbox-id";

        private final SandboxPlanner planner =
                SandboxPlanner.of(
                        TestRuntime.open(),
                        new FakeHost().withTmpfs("/v/kubernetes.io~empty-dir/ram"),
                        BuildConstants.PACKAGED);

        @Test
        void aSingleContainerIsSizedByItsLimits() {
            Plan plan =
                    planned(
                            TestRuntime.spec(
                                    "\"linux\":{\"resources\":{\"memory\":{\"limit\":104857600}}}"));

            assertThat(plan.type()).isEqualTo(ContainerType.SINGLE_CONTAINER);
            assertThat(
                            ((Plan.NewSandbox) plan)
                                    .sandbox()
                                    .sandboxResources()
                                    .get(SandboxResources.WORKLOAD_MEM_MB))
                    .isEqualTo(100);
        }

        @Test
        void aPodIsSizedByItsAnnotations() {
            Plan plan =
                    planned(
                            TestRuntime.annotated(
                                    TYPE,
                                    "sandbox",
                                    "io.kubernetes.cri.sandbox-memory",
                                    "3221225472"));

            assertThat(
                            ((Plan.NewSandbox) plan)
                                    .sandbox()
                                    .sandboxResources()
                                    .get(SandboxResources.WORKLOAD_MEM_MB))
                    .isEqualTo(3072);
        }

        @Test
        void aContainerOfAPodJoinsItsSandbox() {
            Plan plan = planned(TestRuntime.annotated(TYPE, "container", SANDBOX, "pod1"));

            assertThat(plan)
                    .isInstanceOfSatisfying(
                            Plan.JoinSandbox.class,
                            join -> assertThat(join.sandboxId()).isEqualTo("pod1"));
        }

        @Test
        void aContainerOfNoKnownPodIsRefused() {
            assertThat(
                            TestRuntime.text(
                                    planner.plan(
                                            TestRuntime.annotated(TYPE, "container"),
                                            TestRuntime.REQUEST)))
                    .contains("no annotation says which sandbox");
        }

        @Test
        void anUnknownTypeIsRefused() {
            assertThat(
                            TestRuntime.text(
                                    planner.plan(
                                            TestRuntime.annotated(TYPE, "pod"),
                                            TestRuntime.REQUEST)))
                    .contains("unknown container type \"pod\"");
        }

        @Test
        void volumesOfThePodsLifeAreMadeInTheGuest() {
            Spec spec =
                    TestRuntime.spec(
                            "\"annotations\":{\""
                                    + TYPE
                                    + "\":\"container\",\""
                                    + SANDBOX
                                    + "\":\"p\"},"
                                    + "\"mounts\":[{\"destination\":\"/a\",\"type\":\"bind\",\"source\":\"/v/kubernetes.io~empty-dir/x\"},"
                                    + "{\"destination\":\"/b\",\"type\":\"bind\",\"source\":\"/v/kubernetes.io~empty-dir/ram\"},"
                                    + "{\"destination\":\"/c\",\"type\":\"bind\",\"source\":\"/v/kubernetes.io~configmap/x\"}]");

            assertThat(planned(spec).container().mounts())
                    .extracting(ContainerConfig.Mount::type)
                    .containsExactly("local", "ephemeral", "bind");
        }

        private Plan planned(Spec spec) {
            return planner.plan(spec, TestRuntime.REQUEST)
                    .orElseThrow(problems -> new IllegalStateException(problems.toString()));
        }
    }

    @Test
    void needsADaemonForVirtioFs() {
        RuntimeConfig runtime =
                TestRuntime.with(
                        TestRuntime.hypervisor()
                                .set(HypervisorConfig.SHARED_FS, "virtio-fs", Origin.DEFAULT)
                                .build(),
                        AnnotationPolicy.KATA);

        assertThat(TestRuntime.text(TestRuntime.plan(runtime, TestRuntime.spec(""))))
                .contains("no virtiofsd is configured");
    }

    @Test
    void reportsProblemsOfAllPartsAtOnce() {
        Spec spec =
                TestRuntime.read(
                        "{\"process\":{\"env\":[\"X\"]},\"annotations\":{\""
                                + AnnotationTable.HYPERVISOR
                                + "enable_iommu\":\"maybe\"}}");

        Outcome<SandboxConfig> outcome = TestRuntime.plan(TestRuntime.open(), spec);

        assertThat(TestRuntime.text(outcome))
                .contains("no linux", "no root", "/process/env/0", "enable_iommu");
    }

    @Test
    void changesNoInputAndPlansTheSameTwice() {
        Spec spec = TestRuntime.annotated(AnnotationTable.HYPERVISOR + "kernel_params", "a b=c");
        RuntimeConfig runtime = TestRuntime.open();
        String before = SpecWriter.write(spec);
        Settings<HypervisorConfig> configured = runtime.hypervisorConfig();

        Outcome<SandboxConfig> first = TestRuntime.plan(runtime, spec);
        Outcome<SandboxConfig> second = TestRuntime.plan(runtime, spec);

        assertThat(second).isEqualTo(first);
        assertThat(SpecWriter.write(spec)).isEqualTo(before);
        assertThat(configured.get(HypervisorConfig.KERNEL_PARAMS)).isEqualTo(List.of());
    }
}
