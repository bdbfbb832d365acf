package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Uint64;
import java.util.List;
import org.junit.jupiter.api.Test;

class KataJsonTest {

    @Test
    void leavesOutZeroesAndKeepsAnnotations() {
        String json =
                KataJson.of(
                        TestRuntime.plan(TestRuntime.open(), TestRuntime.annotated("empty", ""))
                                .value()
                                .orElseThrow());

        assertThat(json)
                .contains("\"MemorySize\":2048", "\"empty\":\"\"", "\"HypervisorType\":\"qemu\"")
                .doesNotContain("Hostname", "Uid", "ShmSize");
    }

    @Test
    void writesNumbersInTheirWholeRange() {
        Settings<RuntimeFields> settings =
                Settings.builder(RuntimeFields.SCHEMA)
                        .set(
                                RuntimeFields.INTER_NETWORK_MODEL,
                                InterworkingModel.NONE,
                                Origin.DEFAULT)
                        .set(RuntimeFields.VFIO_MODE, VfioMode.GUEST_KERNEL, Origin.DEFAULT)
                        .set(
                                RuntimeFields.EXPERIMENTAL,
                                List.of(new Feature("f", "d", "3.0")),
                                Origin.DEFAULT)
                        .build();
        RuntimeConfig runtime =
                TestRuntime.with(
                        TestRuntime.with(
                                TestRuntime.hypervisor()
                                        .set(
                                                HypervisorConfig.MEM_OFFSET,
                                                Uint64.of(-1),
                                                Origin.DEFAULT)
                                        .set(HypervisorConfig.SGX_EPC_SIZE, -5L, Origin.DEFAULT)
                                        .set(
                                                HypervisorConfig.GROUPS,
                                                List.of(4294967295L),
                                                Origin.DEFAULT)
                                        .set(
                                                HypervisorConfig.KERNEL_PARAMS,
                                                List.of(Param.parse("a=b")),
                                                Origin.DEFAULT)
                                        .build(),
                                AnnotationPolicy.KATA),
                        settings);

        assertThat(KataJson.of(runtime))
                .contains(
                        "\"InterNetworkModel\":3",
                        "\"VfioMode\":1",
                        "\"MemOffset\":18446744073709551615",
                        "\"SGXEPCSize\":-5",
                        "\"Groups\":[4294967295]",
                        "\"KernelParams\":[{\"Key\":\"a\",\"Value\":\"b\"}]",
                        "{\"Name\":\"f\",\"Description\":\"d\",\"ExpRelease\":\"3.0\"}");
    }

    @Test
    void writesPlansWithTheirType() {
        String joined =
                KataJson.of(
                        SandboxPlanner.of(
                                        TestRuntime.open(), new FakeHost(), BuildConstants.PACKAGED)
                                .plan(
                                        TestRuntime.annotated(
                                                "io.kubernetes.cri-o.ContainerType",
                                                "container",
                                                "io.kubernetes.cri-o.SandboxID",
                                                "s"),
                                        TestRuntime.REQUEST)
                                .value()
                                .orElseThrow());

        assertThat(joined)
                .startsWith("{\"ContainerType\":\"pod_container\",\"Container\":{")
                .endsWith("\"SandboxID\":\"s\"}");
        assertThat(KataJson.of(Sizing.of(1, 0, Origin.DEFAULT)))
                .isEqualTo("{\"CPUs\":1,\"MemMB\":0}");
    }
}
