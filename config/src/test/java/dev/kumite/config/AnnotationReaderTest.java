package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Uint64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AnnotationReaderTest {

    private static final String HV = AnnotationTable.HYPERVISOR;

    @Nested
    class Values {

        @Test
        void setsTheFieldAndItsOrigin() {
            SandboxConfig sandbox = accepted(HV + "default_memory", "4096");

            assertThat(sandbox.hypervisorConfig().get(HypervisorConfig.MEMORY_SIZE))
                    .isEqualTo(4096);
            assertThat(sandbox.hypervisorConfig().origin(HypervisorConfig.MEMORY_SIZE))
                    .isEqualTo(new Origin.Annotation(HV + "default_memory"));
        }

        @Test
        void everyBooleanOfTheTableSetsItsField() {
            for (AnnotationKey row : AnnotationTable.all()) {
                if (row.kind() instanceof AnnotationKey.Kind.Bool(Field<?, Boolean> field)) {
                    assertThat(accepted(row.key(), "T").toString())
                            .as(row.key())
                            .contains(field.name() + "=true");
                }
            }
        }

        @Test
        void refusesNumbersThatDoNotFit() {
            for (String value :
                    List.of(
                            "",
                            "-1",
                            "1.0",
                            "4294967296",
                            "4294967297",
                            "18446744073709551616",
                            "0x10")) {
                assertThat(refused(HV + "memory_slots", value))
                        .contains(HV + "memory_slots", "\"" + value + "\"");
            }
        }

        @Test
        void refusesMoreCpusThanTheHostHas() {
            assertThat(refused(HV + "default_vcpus", "3"))
                    .contains("the host has 2 CPUs", "from 1 to 2");
            assertThat(refused(HV + "default_max_vcpus", "3")).contains("the host has 2 CPUs");
        }

        @Test
        void refusesMoreCpusThanQemuCanHave() {
            Outcome<SandboxConfig> outcome =
                    TestRuntime.plan(
                            TestRuntime.open(),
                            TestRuntime.annotated(HV + "default_max_vcpus", "241"),
                            new FakeHost().withCpus(512));

            assertThat(TestRuntime.text(outcome)).contains("qemu can have at most 240");
        }

        @Test
        void ignoresZeroAndEmptinessWhereTheTableSaysSo() {
            SandboxConfig sandbox =
                    accepted(
                            HV + "memory_offset",
                            "0",
                            HV + "machine_type",
                            "",
                            HV + "cpu_features",
                            "");

            assertThat(sandbox.hypervisorConfig()).isEqualTo(TestRuntime.open().hypervisorConfig());
        }

        @Test
        void keepsTheWholeRangeOfSixtyFourBits() {
            SandboxConfig sandbox =
                    accepted(HV + "rx_rate_limiter_max_rate", "18446744073709551615");

            assertThat(sandbox.hypervisorConfig().get(HypervisorConfig.RX_RATE_LIMITER_MAX_RATE))
                    .isEqualTo(Uint64.of(-1));
        }

        @Test
        void appendsKernelParametersAndSaysFromWhere() {
            RuntimeConfig runtime =
                    TestRuntime.with(
                            TestRuntime.hypervisor()
                                    .set(
                                            HypervisorConfig.KERNEL_PARAMS,
                                            List.of(new Param("quiet", "")),
                                            Origin.DEFAULT)
                                    .build(),
                            AnnotationPolicy.KATA,
                            ".*");

            Settings<HypervisorConfig> planned =
                    TestRuntime.plan(
                                    runtime,
                                    TestRuntime.annotated(HV + "kernel_params", " a=b=c\u3000d "))
                            .value()
                            .orElseThrow()
                            .hypervisorConfig();

            assertThat(planned.get(HypervisorConfig.KERNEL_PARAMS))
                    .containsExactly(
                            new Param("quiet", ""), new Param("a", "b=c"), new Param("d", ""));
            assertThat(planned.origin(HypervisorConfig.KERNEL_PARAMS))
                    .isInstanceOf(Origin.Rule.class);
        }

        @Test
        void refusesKernelParametersWithoutName() {
            assertThat(refused(HV + "kernel_params", "a =b")).contains("\"=b\" has no name");
        }

        @Test
        void readsListsOfVirtiofsdArguments() {
            assertThat(
                            accepted(HV + "virtio_fs_extra_args", "[\"-d\", null]")
                                    .hypervisorConfig()
                                    .get(HypervisorConfig.VIRTIO_FS_EXTRA_ARGS))
                    .containsExactly("-d", "");
            assertThat(refused(HV + "virtio_fs_extra_args", "[1]"))
                    .contains("not a JSON list of texts");
            assertThat(refused(HV + "virtio_fs_extra_args", "[\"a\"] x"))
                    .contains("not a JSON list of texts");
        }

        @Test
        void refusesVirtiofsdArgumentsThatOpenTheHost() {
            for (String arguments :
                    List.of(
                            "[\"-o\",\"source=/\"]",
                            "[\"-o\",\"cache=auto,source=/\"]",
                            "[\"-osource=/\"]",
                            "[\"--sandbox=none\"]",
                            "[\"--sandbox\",\"none\"]",
                            "[\"-o\",\"sandbox=chroot\"]",
                            "[\"--shared-dir=/\"]",
                            "[\"--shared-dir\",\"/\"]",
                            "[\"--seccomp=none\"]",
                            "[\"--seccomp\", \"none\"]",
                            "[\"-o\", \"modcaps=+sys_admin\"]",
                            "[\"--disable-sandbox\"]")) {
                assertThat(refused(HV + "virtio_fs_extra_args", arguments))
                        .as(arguments)
                        .contains("sandbox off");
            }
        }

        @Test
        void namesAllWordsAndTheClosestOne() {
            assertThat(refused(HV + "block_device_driver", "virtio-blck"))
                    .contains(
                            "virtio-scsi, virtio-blk, virtio-mmio", "did you mean \"virtio-blk\"?");
        }

        @Test
        void splitsModulesAtSemicolonsAsTheyAre() {
            assertThat(
                            accepted(AnnotationTable.AGENT + "kernel_modules", "a b=1;; c")
                                    .agentConfig()
                                    .get(AgentConfig.KERNEL_MODULES))
                    .containsExactly("a b=1", "", " c");
        }

        @Test
        void warnsOfQuantitiesThatBecomeZero() {
            Outcome<SandboxConfig> outcome =
                    TestRuntime.plan(
                            TestRuntime.open(),
                            TestRuntime.annotated(AnnotationTable.SGX_EPC, "1Pi"));

            assertThat(outcome.warnings()).hasSize(1);
            assertThat(refused(AnnotationTable.SGX_EPC, "5M")).contains("binary suffix");
        }
    }

    @Nested
    class Paths {

        private final RuntimeConfig runtime =
                TestRuntime.with(
                        TestRuntime.hypervisor()
                                .set(
                                        HypervisorConfig.HYPERVISOR_PATH_LIST,
                                        List.of("/opt/qemu-*"),
                                        Origin.DEFAULT)
                                .build(),
                        AnnotationPolicy.KATA,
                        ".*");

        private final FakeHost host = new FakeHost().withFile("/opt/qemu-9").withFile("/opt/other");

        @Test
        void acceptsWhatTheAllowListNames() {
            SandboxConfig sandbox =
                    TestRuntime.plan(
                                    runtime,
                                    TestRuntime.annotated(HV + "path", "/opt/qemu-9"),
                                    host)
                            .value()
                            .orElseThrow();

            assertThat(sandbox.hypervisorConfig().get(HypervisorConfig.HYPERVISOR_PATH))
                    .isEqualTo("/opt/qemu-9");
            assertThat(sandbox.annotations()).containsEntry(HV + "path", "/opt/qemu-9");
        }

        @Test
        void refusesOtherPathsAndNamesTheList() {
            for (String path :
                    List.of("/opt/other", "/opt/qemu-8", "", "/opt/../opt/qemu-9", "\u0000")) {
                Outcome<SandboxConfig> outcome =
                        TestRuntime.plan(runtime, TestRuntime.annotated(HV + "path", path), host);

                assertThat(TestRuntime.text(outcome))
                        .contains(
                                "valid_hypervisor_paths = [\"/opt/qemu-*\"]",
                                "configuration.toml:12");
            }
        }
    }

    @Nested
    class Gate {

        @Test
        void refusalSaysWhichLineToWrite() {
            String text =
                    TestRuntime.text(
                            TestRuntime.plan(
                                    TestRuntime.admitting(AnnotationPolicy.KATA, "enable_iommu"),
                                    TestRuntime.annotated(HV + "kernel_params", "quiet")));

            assertThat(text)
                    .contains(
                            HV + "kernel_params: error: the annotation is not enabled",
                            "/etc/kata/configuration.toml:12",
                            "enable_annotations = [\"enable_iommu\", \"kernel_params\"]",
                            "pod_annotations");
        }

        @Test
        void proposedPatternAdmitsNothingElse() {
            String text =
                    TestRuntime.text(
                            TestRuntime.plan(
                                    TestRuntime.admitting(AnnotationPolicy.KATA),
                                    TestRuntime.annotated(HV + "path", "/x")));

            assertThat(text).contains("enable_annotations = [\"^path$\"]");
        }

        @Test
        void reportsEveryRefusalInTheOrderOfTheInput() {
            Outcome<SandboxConfig> outcome =
                    TestRuntime.plan(
                            TestRuntime.admitting(AnnotationPolicy.KATA, "default"),
                            TestRuntime.annotated(
                                    HV + "kernel_params",
                                    "x",
                                    HV + "default_memory",
                                    "1",
                                    HV + "enable_iommu",
                                    "true"));

            assertThat(outcome.errors())
                    .extracting(Problem::where)
                    .containsExactly(
                            new Location.Annotation(HV + "kernel_params"),
                            new Location.Annotation(HV + "default_memory"),
                            new Location.Annotation(HV + "enable_iommu"));
        }

        @Test
        void unknownNamesAreGatedTooAndThenOnlyWarnedAbout() {
            assertThat(
                            TestRuntime.text(
                                    TestRuntime.plan(
                                            TestRuntime.admitting(AnnotationPolicy.KATA),
                                            TestRuntime.annotated(HV + "x", "1"))))
                    .contains("error", HV + "x: error: the annotation is not enabled");
            Outcome<SandboxConfig> admitted =
                    TestRuntime.plan(
                            TestRuntime.open(), TestRuntime.annotated(HV + "default_memry", "1"));

            assertThat(admitted.isRefused()).isFalse();
            assertThat(TestRuntime.text(admitted))
                    .contains("warning", "did you mean " + HV + "default_memory?");
        }

        @Test
        void agentAndRuntimeAnnotationsAreGatedUnderTheStrictPolicyOnly() {
            String key = AnnotationTable.AGENT + "enable_tracing";

            assertThat(
                            TestRuntime.plan(
                                            TestRuntime.admitting(AnnotationPolicy.KATA),
                                            TestRuntime.annotated(key, "true"))
                                    .isRefused())
                    .isFalse();
            assertThat(
                            TestRuntime.text(
                                    TestRuntime.plan(
                                            TestRuntime.admitting(
                                                    AnnotationPolicy.STRICT, "enable_tracing"),
                                            TestRuntime.annotated(key, "true"))))
                    .contains("is not enabled", "\"agent.enable_tracing\"");
            assertThat(
                            TestRuntime.plan(
                                            TestRuntime.admitting(
                                                    AnnotationPolicy.STRICT,
                                                    "agent\\.enable_tracing"),
                                            TestRuntime.annotated(key, "true"))
                                    .isRefused())
                    .isFalse();
        }

        @Test
        void assetsNeedAHashUnderTheStrictPolicy() {
            RuntimeConfig strict = TestRuntime.admitting(AnnotationPolicy.STRICT, "kernel.*");

            assertThat(
                            TestRuntime.text(
                                    TestRuntime.plan(
                                            strict, TestRuntime.annotated(HV + "kernel", "/k"))))
                    .contains("error", "kernel_hash");
            assertThat(
                            TestRuntime.plan(
                                            strict,
                                            TestRuntime.annotated(
                                                    HV + "kernel",
                                                    "/k",
                                                    HV + "kernel_hash",
                                                    "0a".repeat(64)))
                                    .isRefused())
                    .isFalse();
            assertThat(
                            TestRuntime.plan(
                                            TestRuntime.open(),
                                            TestRuntime.annotated(HV + "kernel", "/k"))
                                    .warnings())
                    .hasSize(1);
        }

        @Test
        void aPodNeverChoosesTheConfiguration() {
            Outcome<SandboxConfig> outcome =
                    TestRuntime.plan(
                            TestRuntime.open(),
                            TestRuntime.annotated(AnnotationTable.CONFIG_PATH, "/etc/shadow"));

            assertThat(outcome.isRefused()).isFalse();
            assertThat(TestRuntime.text(outcome)).contains("CVE-2026-50540");
        }
    }

    private static SandboxConfig accepted(String... annotations) {
        Outcome<SandboxConfig> outcome =
                TestRuntime.plan(TestRuntime.open(), TestRuntime.annotated(annotations));
        return outcome.orElseThrow(problems -> new IllegalStateException(problems.toString()));
    }

    private static String refused(String key, String value) {
        Outcome<SandboxConfig> outcome =
                TestRuntime.plan(TestRuntime.open(), TestRuntime.annotated(key, value));
        assertThat(outcome.isRefused()).as(value).isTrue();
        return TestRuntime.text(outcome);
    }
}
