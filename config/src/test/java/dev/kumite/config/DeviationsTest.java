package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import dev.kumite.oci.SpecWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One test for each deviation of {@code docs/deviations.md} that shows in a plan; its id begins the
 * test's name.
 */
class DeviationsTest {

    private static final String VCPUS = AnnotationTable.HYPERVISOR + "default_vcpus";
    private static final String MEMORY = AnnotationTable.HYPERVISOR + "default_memory";
    private static final Path DOCUMENT = Path.of("..", "docs", "deviations.md");

    private static Outcome<Plan> plan(RuntimeConfig runtime, Spec spec) {
        return SandboxPlanner.of(runtime, new FakeHost(), BuildConstants.PACKAGED)
                .plan(spec, TestRuntime.REQUEST);
    }

    private static SandboxConfig sandbox(Outcome<Plan> outcome) {
        assertThat(outcome.problems()).noneMatch(Problem::isError);
        return ((Plan.NewSandbox) outcome.value().orElseThrow()).sandbox();
    }

    private static Outcome<RuntimeConfig> load(String toml, boolean strict) {
        ConfigurationText text = new ConfigurationText("/etc/kata/configuration.toml", toml);
        return ConfigurationLoader.load(
                List.of(text),
                new FakeHost(),
                BuildConstants.PACKAGED,
                new LoadOptions(strict, true));
    }

    private static final String QEMU =
            "[hypervisor.qemu]\nshared_fs = \"virtio-9p\"\nimage = \"/guest.img\"\n";

    @Test
    void d1PodsOfTwoGibibytesAndMoreAreSized() {
        Spec spec =
                TestRuntime.annotated(
                        "io.kubernetes.cri.container-type", "sandbox",
                        "io.kubernetes.cri.sandbox-memory", "4294967296",
                        "io.kubernetes.cri.sandbox-cpu-period", "100000",
                        "io.kubernetes.cri.sandbox-cpu-quota", "3000000000");

        SandboxConfig sandbox = sandbox(plan(TestRuntime.open(), spec));

        assertThat(sandbox.sandboxResources().get(SandboxResources.WORKLOAD_MEM_MB))
                .isEqualTo(4096);
        assertThat(sandbox.sandboxResources().get(SandboxResources.WORKLOAD_CPUS)).isEqualTo(30000);
    }

    @Test
    void d2OptionsMakeABindMountWhateverTheTypeSays() {
        Spec spec =
                TestRuntime.spec(
                        "\"mounts\":[{\"destination\":\"/a\",\"type\":\"none\",\"source\":\"/b\","
                                + "\"options\":[\"rbind\"]}]");

        assertThat(
                        sandbox(plan(TestRuntime.open(), spec))
                                .containers()
                                .getFirst()
                                .mounts()
                                .getFirst()
                                .type())
                .isEqualTo("bind");
    }

    @Test
    void d3AVariableKeepsItsEqualsSignsAndOneWithoutIsWarnedAbout() {
        Spec spec =
                TestRuntime.read(
                        "{\"process\":{\"args\":[\"sh\"],\"cwd\":\"/\",\"env\":[\"A=b=c\",\"X\"]},"
                                + "\"root\":{\"path\":\"r\"},\"linux\":{}}");

        Outcome<Plan> outcome = plan(TestRuntime.open(), spec);

        assertThat(sandbox(outcome).containers().getFirst().cmd().envs())
                .containsExactly(new ContainerConfig.EnvVar("A", "b=c"));
        assertThat(outcome.warnings())
                .singleElement()
                .satisfies(one -> assertThat(one.what()).contains("/process/env/1"));
    }

    @Test
    void d4NumbersAreNeverCutToThirtyTwoBits() {
        Outcome<Plan> annotation =
                plan(TestRuntime.open(), TestRuntime.annotated(MEMORY, "4294967552"));
        Outcome<RuntimeConfig> configuration = load(QEMU + "default_memory = 4294967552\n", false);

        assertThat(annotation.errors())
                .singleElement()
                .satisfies(one -> assertThat(one.fix()).contains("4294967295"));
        assertThat(configuration.isRefused()).isTrue();
        assertThat(TestRuntime.text(configuration))
                .contains("default_memory")
                .contains("4294967295");
    }

    @Test
    void d5VhostUserStoreIsHonoured() {
        Spec spec =
                TestRuntime.annotated(
                        AnnotationTable.HYPERVISOR + "enable_vhost_user_store", "true");

        SandboxConfig sandbox = sandbox(plan(TestRuntime.open(), spec));

        assertThat(sandbox.hypervisorConfig().get(HypervisorConfig.ENABLE_VHOST_USER_STORE))
                .isTrue();
    }

    @Test
    void d6APodNeverChoosesTheConfiguration() {
        Outcome<Plan> outcome =
                plan(
                        TestRuntime.open(),
                        TestRuntime.annotated(AnnotationTable.CONFIG_PATH, "/tmp/mine.toml"));

        assertThat(outcome.isRefused()).isFalse();
        assertThat(TestRuntime.text(outcome)).contains("CVE-2026-50540");
    }

    @Test
    void d7MissingSectionsAreNoCrash() {
        Spec complete = TestRuntime.spec("");
        Spec bare =
                new Spec(
                        "",
                        java.util.Optional.empty(),
                        java.util.Optional.empty(),
                        "",
                        "",
                        List.of(),
                        java.util.Optional.empty(),
                        java.util.Map.of(),
                        java.util.Optional.empty(),
                        java.util.Optional.empty());

        assertThat(plan(TestRuntime.open(), complete).isRefused()).isFalse();
        assertThat(TestRuntime.text(plan(TestRuntime.open(), bare)))
                .contains("no process")
                .contains("no root")
                .contains("no linux");
    }

    @Test
    void d8TheSpecificationIsNotChanged() {
        Spec spec = TestRuntime.annotated(VCPUS, "1");
        String before = SpecWriter.write(spec);

        plan(TestRuntime.open(), spec);

        assertThat(SpecWriter.write(spec)).isEqualTo(before);
    }

    @Test
    void d9AllProblemsAreReportedInTheOrderOfTheInput() {
        Outcome<Plan> outcome =
                plan(
                        TestRuntime.admitting(AnnotationPolicy.KATA),
                        TestRuntime.annotated(
                                MEMORY,
                                "1",
                                VCPUS,
                                "x",
                                AnnotationTable.HYPERVISOR + "rootless",
                                "1"));

        assertThat(outcome.errors())
                .extracting(problem -> problem.where().describe())
                .containsExactly(
                        "annotation " + MEMORY,
                        "annotation " + VCPUS,
                        "annotation " + AnnotationTable.HYPERVISOR + "rootless");
    }

    @Test
    void d10UnknownKeysAreToldOfAndRefusedWhereThatIsAskedFor() {
        Outcome<RuntimeConfig> lenient = load(QEMU + "default_vcpu = 2\n", false);
        Outcome<RuntimeConfig> strict = load(QEMU + "default_vcpu = 2\n", true);

        assertThat(lenient.isRefused()).isFalse();
        assertThat(TestRuntime.text(lenient)).contains("default_vcpu").contains("did you mean");
        assertThat(strict.isRefused()).isTrue();
    }

    @Test
    void d11PatternsThatAdmitMoreThanTheyNameAreToldOf() {
        Outcome<RuntimeConfig> loose = load(QEMU + "enable_annotations = [\"path\"]\n", false);
        Outcome<RuntimeConfig> broken = load(QEMU + "enable_annotations = [\"(\"]\n", false);

        assertThat(loose.isRefused()).isFalse();
        assertThat(TestRuntime.text(loose)).contains("jailer_path");
        assertThat(TestRuntime.text(broken)).contains("\"(\"");
        assertThat(
                        EnabledAnnotations.of(
                                        List.of("path"), AnnotationPolicy.STRICT, TestRuntime.LINE)
                                .admits("jailer_path"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                AnnotationTable.AGENT + "kernel_modules",
                AnnotationTable.RUNTIME + "vfio_mode"
            })
    void d12TheStrictPolicyGatesAgentAndRuntimeToo(String key) {
        Spec spec = TestRuntime.annotated(key, "vfio");

        assertThat(plan(TestRuntime.admitting(AnnotationPolicy.KATA), spec).isRefused()).isFalse();
        assertThat(plan(TestRuntime.admitting(AnnotationPolicy.STRICT), spec).isRefused()).isTrue();
        assertThat(
                        plan(
                                        TestRuntime.admitting(
                                                AnnotationPolicy.STRICT,
                                                "agent\\..*",
                                                "runtime\\..*"),
                                        spec)
                                .isRefused())
                .isFalse();
    }

    @Test
    void d13AssetsOfAPodAreWarnedAboutAndNeedAHashUnderTheStrictPolicy() {
        String kernel = AnnotationTable.HYPERVISOR + "kernel";
        Spec bare = TestRuntime.annotated(kernel, "/etc/shadow");
        Spec hashed = TestRuntime.annotated(kernel, "/vmlinux", kernel + "_hash", "0a".repeat(64));
        RuntimeConfig strict =
                TestRuntime.admitting(AnnotationPolicy.STRICT, "kernel", "kernel_hash");

        assertThat(plan(TestRuntime.open(), bare).warnings()).hasSize(1);
        assertThat(plan(strict, bare).isRefused()).isTrue();
        assertThat(plan(strict, hashed).isRefused()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"--shared-dir=/\"]",
                "[\"--shared-dir\",\"/\"]",
                "[\"--sandbox=none\"]",
                "[\"--sandbox\",\"none\"]",
                "[\"-o\",\"source=/\"]",
                "[\"-osandbox=chroot\"]",
                "[\"--socket-path=/s\"]",
                "[\"--fd\",\"3\"]",
                "[\"-o\",\"cache=auto,source=/\"]"
            })
    void d14VirtiofsdArgumentsThatOpenTheHostAreRefused(String arguments) {
        String key = AnnotationTable.HYPERVISOR + "virtio_fs_extra_args";

        assertThat(plan(TestRuntime.open(), TestRuntime.annotated(key, arguments)).isRefused())
                .isTrue();
        assertThat(
                        plan(
                                        TestRuntime.open(),
                                        TestRuntime.annotated(key, "[\"--thread-pool-size=1\"]"))
                                .isRefused())
                .isFalse();
    }

    @Test
    void d15ThePlanKeepsTheMostVcpusUnderStaticSizing() {
        RuntimeConfig runtime =
                TestRuntime.with(
                        TestRuntime.hypervisor()
                                .set(HypervisorConfig.DEFAULT_MAX_VCPUS, 64L, Origin.DEFAULT)
                                .build(),
                        AnnotationPolicy.KATA,
                        ".*");
        RuntimeConfig fixed =
                TestRuntime.with(
                        runtime,
                        runtime.settings().toBuilder()
                                .set(
                                        RuntimeFields.STATIC_SANDBOX_RESOURCE_MGMT,
                                        true,
                                        Origin.DEFAULT)
                                .build());

        SandboxConfig sandbox = sandbox(plan(fixed, TestRuntime.spec("")));

        assertThat(sandbox.hypervisorConfig().get(HypervisorConfig.DEFAULT_MAX_VCPUS))
                .isEqualTo(64);
    }

    @Test
    void d16APlanIsNotSizedByCpuShares() {
        Spec spec =
                TestRuntime.spec(
                        "\"linux\":{\"resources\":{\"cpu\":{\"shares\":4096,\"quota\":-1,\"period\":100000}}}");

        assertThat(
                        sandbox(plan(TestRuntime.open(), spec))
                                .sandboxResources()
                                .get(SandboxResources.WORKLOAD_CPUS))
                .isZero();
    }

    @Test
    void d17AHostWithoutVsockHasAConfiguration() {
        assertThat(new FakeHost().exists("/dev/vhost-vsock")).isFalse();
        assertThat(load(QEMU, false).errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"mounts\":[{\"destination\":\"/a\",\"options\":[\"ro\"]}],\"mounts\":[{\"destination\":\"/b\"}]}",
                "{\"hostname\":\"a\",\"Hostname\":\"b\"}"
            })
    void d18ADocumentThatNamesAKeyTwiceIsRefused(String json) {
        Outcome<Spec> outcome = SpecReader.read(json, "config.json");

        assertThat(outcome.isRefused()).isTrue();
        assertThat(TestRuntime.text(outcome)).containsAnyOf("mounts", "ostname");
    }

    @Test
    void theDocumentHasEveryDeviationAndNamesTestsThatExist() throws IOException {
        List<String> ids = new ArrayList<>();
        for (String row : Files.readAllLines(DOCUMENT)) {
            if (!row.startsWith("| D")) {
                continue;
            }
            String[] cells = row.split("\\|", -1);
            ids.add(cells[1].strip());
            for (String test : cells[5].replace("`", "").split(",", -1)) {
                assertThat(exists(test.strip()))
                        .as("%s names the test %s", cells[1], test)
                        .isTrue();
            }
        }

        assertThat(ids)
                .containsExactlyElementsOf(
                        java.util.stream.IntStream.rangeClosed(1, 18)
                                .mapToObj(number -> "D" + number)
                                .toList());
    }

    private static boolean exists(String test) throws IOException {
        try (Stream<Path> files =
                Files.find(
                        Path.of(".."),
                        12,
                        (path, _) -> path.getFileName().toString().equals(test + ".java"))) {
            return files.anyMatch(path -> path.toString().contains("src/test"));
        }
    }
}
