package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Uint64;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationLoaderTest extends ConfigurationLoading {

    @Nested
    class Defaults {

        @Test
        void fillsInWhatTheFileDoesNotSay() {
            RuntimeConfig config = loaded(QEMU);

            assertThat(problems).isEmpty();
            assertThat(config.hypervisorType()).isEqualTo("qemu");
            Settings<HypervisorConfig> machine = config.hypervisorConfig();
            assertThat(machine.get(HypervisorConfig.NUM_VCPUS)).isEqualTo(1);
            assertThat(machine.get(HypervisorConfig.DEFAULT_MAX_VCPUS)).isEqualTo(8);
            assertThat(machine.get(HypervisorConfig.MEMORY_SIZE)).isEqualTo(2048);
            assertThat(machine.get(HypervisorConfig.HYPERVISOR_MACHINE_TYPE)).isEqualTo("q35");
            assertThat(machine.get(HypervisorConfig.VIRTIO_FS_CACHE)).isEqualTo("none");
            assertThat(machine.origin(HypervisorConfig.MEMORY_SIZE)).isEqualTo(Origin.DEFAULT);
            assertThat(config.agentConfig().get(AgentConfig.LONG_LIVE_CONN)).isFalse();
            assertThat(config.enabledAnnotations().patterns()).isEmpty();
        }

        @Test
        void pointsAtTheTableWhereAnnotationsWouldBeEnabled() {
            assertThat(loaded("# first\n" + QEMU).enabledAnnotations().governedBy())
                    .isEqualTo(new Location.Text("main.toml", 2, 1, "hypervisor.qemu"));
        }

        @Test
        void givesCloudHypervisorNoCacheModeAndNoVhostNet() {
            Settings<HypervisorConfig> machine = loaded(CLH).hypervisorConfig();

            assertThat(machine.get(HypervisorConfig.VIRTIO_FS_CACHE)).isEmpty();
            assertThat(machine.get(HypervisorConfig.DISABLE_VHOST_NET)).isTrue();
        }

        @Test
        void forcesMicrovmToDoWithoutNvdimm() {
            assertThat(
                            hypervisor(
                                    QEMU + "machine_type = \"microvm\"",
                                    HypervisorConfig.DISABLE_IMAGE_NVDIMM))
                    .isTrue();
        }

        @Test
        void refusesADefaultThatIsMissing() {
            refused(QEMU.replace("kernel = \"/boot/kernel\"\n", ""));

            assertThat(onlyProblem().describe())
                    .startsWith(
                            "main.toml:1:1: error: kernel is not set, and its default is \"/usr/share/kata-containers/");
        }

        @Test
        void needsAnImageThatExistsEvenWithoutAHypervisorTable() {
            refused("[runtime]\n");

            assertThat(problems)
                    .extracting(Problem::what)
                    .anySatisfy(what -> assertThat(what).startsWith("image is"));
        }
    }

    @Nested
    class Values {

        @Test
        void comeWithTheirLine() {
            RuntimeConfig config = loaded(QEMU + "  default_memory = 512\n");

            assertThat(config.hypervisorConfig().get(HypervisorConfig.MEMORY_SIZE)).isEqualTo(512);
            assertThat(config.hypervisorConfig().origin(HypervisorConfig.MEMORY_SIZE))
                    .isEqualTo(
                            new Origin.Configuration(
                                    "main.toml", 6, 3, "hypervisor.qemu.default_memory"));
        }

        @ParameterizedTest
        @CsvSource({"-1, 8, 0", "-3, 8, 1", "0, 1, 0", "1, 1, 0", "8, 8, 0", "9, 8, 1"})
        void adjustsTheNumberOfCpus(long given, long counts, int warnings) {
            assertThat(hypervisor(QEMU + "default_vcpus = " + given, HypervisorConfig.NUM_VCPUS))
                    .isEqualTo(counts);
            assertThat(problems).hasSize(warnings).noneMatch(Problem::isError);
        }

        @ParameterizedTest
        @CsvSource({"0, 8, 0", "1, 1, 0", "8, 8, 0", "9, 8, 1", "4294967295, 8, 1"})
        void adjustsTheLimitOfCpus(long given, long counts, int warnings) {
            assertThat(
                            hypervisor(
                                    QEMU + "default_maxvcpus = " + given,
                                    HypervisorConfig.DEFAULT_MAX_VCPUS))
                    .isEqualTo(counts);
            assertThat(problems).hasSize(warnings).noneMatch(Problem::isError);
        }

        @Test
        void neverGivesMoreCpusThanQemuCanHave() {
            host.withCpus(300);

            RuntimeConfig config = loaded(QEMU + "default_vcpus = -1");

            assertThat(config.hypervisorConfig().get(HypervisorConfig.NUM_VCPUS)).isEqualTo(240);
            assertThat(config.hypervisorConfig().get(HypervisorConfig.DEFAULT_MAX_VCPUS))
                    .isEqualTo(240);
        }

        @Test
        void saysThatTooLittleMemoryMeansTheDefault() {
            RuntimeConfig config = loaded(QEMU + "default_memory = 255");

            assertThat(config.hypervisorConfig().get(HypervisorConfig.MEMORY_SIZE)).isEqualTo(2048);
            assertThat(onlyProblem().what()).isEqualTo("default_memory is 255");
            assertThat(config.hypervisorConfig().origin(HypervisorConfig.MEMORY_SIZE))
                    .isEqualTo(
                            new Origin.Rule(
                                    "less than 256 means the default",
                                    List.of(
                                            new Origin.Configuration(
                                                    "main.toml",
                                                    6,
                                                    1,
                                                    "hypervisor.qemu.default_memory"))));
        }

        @Test
        void clampsBridgesAndWrapsUnsignedNumbers() {
            Settings<HypervisorConfig> machine =
                    loaded(QEMU + "default_bridges = 6\nmemory_offset = -1\nmemory_slots = 0")
                            .hypervisorConfig();

            assertThat(machine.get(HypervisorConfig.DEFAULT_BRIDGES)).isEqualTo(5);
            assertThat(machine.get(HypervisorConfig.MEM_OFFSET)).isEqualTo(new Uint64(-1));
            assertThat(machine.get(HypervisorConfig.MEM_SLOTS)).isEqualTo(10);
            assertThat(problems)
                    .extracting(Problem::what)
                    .containsExactly("default_bridges is 6", "memory_offset is -1");
        }

        @Test
        void dropsABurstWithoutALimit() {
            assertThat(
                            hypervisor(
                                    CLH + "net_rate_limiter_bw_one_time_burst = 5",
                                    HypervisorConfig.NET_RATE_LIMITER_BW_ONE_TIME_BURST))
                    .isZero();
            assertThat(onlyProblem().isError()).isFalse();
            assertThat(
                            hypervisor(
                                    CLH
                                            + "net_rate_limiter_bw_one_time_burst = 5\nnet_rate_limiter_bw_max_rate = 1",
                                    HypervisorConfig.NET_RATE_LIMITER_BW_ONE_TIME_BURST))
                    .isEqualTo(5);
        }

        @ParameterizedTest
        @CsvSource({"'a, ,b', 'a,,b'", "',,a ,', a", "'', ''", "' , ', ''", "a\u00A0, a"})
        void tidiesListsBetweenCommas(String given, String kept) {
            assertThat(
                            hypervisor(
                                    QEMU + "cpu_features = \"" + given + "\"",
                                    HypervisorConfig.CPU_FEATURES))
                    .isEqualTo(kept);
        }

        @Test
        void putsTheRuntimesKernelParametersFirst() {
            String text =
                    QEMU
                            + "kernel_params = \"a=b=c  d\"\n[agent.kata]\nenable_debug = true\ndebug_console_enabled = true\n";

            assertThat(hypervisor(text, HypervisorConfig.KERNEL_PARAMS))
                    .extracting(Param::toString)
                    .containsExactly(
                            "systemd.unit=kata-containers.target",
                            "systemd.mask=systemd-networkd.service",
                            "systemd.mask=systemd-networkd.socket",
                            "scsi_mod.scan=none",
                            "agent.log=debug",
                            "agent.debug_console",
                            "agent.debug_console_vport=1026",
                            "a=b=c",
                            "d");
        }

        @Test
        void areFoundInAnyCase() {
            assertThat(
                            hypervisor(
                                    QEMU.replace("[hyp", "[Hyp") + "DEFAULT_Memory = 300",
                                    HypervisorConfig.MEMORY_SIZE))
                    .isEqualTo(300);
            assertThat(problems).isEmpty();
        }

        @Test
        void preferTheExactSpelling() {
            assertThat(
                            hypervisor(
                                    QEMU + "default_memory = 300\nDEFAULT_MEMORY = 400",
                                    HypervisorConfig.MEMORY_SIZE))
                    .isEqualTo(300);
            assertThat(onlyProblem().what()).contains("set twice");
        }

        @Test
        void ofKumitesOwnKeys() {
            RuntimeConfig config =
                    loaded(
                            QEMU
                                    + "[runtime]\nannotation_policy = \"strict\"\nvalid_asset_paths = [\"/boot/*\"]\n");

            assertThat(config.enabledAnnotations().policy()).isEqualTo(AnnotationPolicy.STRICT);
            assertThat(config.validAssetPaths()).containsExactly("/boot/*");
        }
    }

    @Nested
    class BootMedium {

        @Test
        void isTheInitrdWhereThereIsNoImage() {
            Settings<HypervisorConfig> machine =
                    loaded(QEMU.replace("image = \"/boot/image", "initrd = \"/boot/initrd"))
                            .hypervisorConfig();

            assertThat(machine.get(HypervisorConfig.INITRD_PATH)).isEqualTo("/boot/initrd");
            assertThat(machine.get(HypervisorConfig.IMAGE_PATH)).isEmpty();
            assertThat(machine.get(HypervisorConfig.KERNEL_PARAMS))
                    .extracting(Param::key)
                    .doesNotContain("systemd.unit");
        }

        @Test
        void isTheOneThatExistsWithAWarningForTheOther() {
            RuntimeConfig config = loaded(QEMU + "initrd = \"/gone\"");

            assertThat(config.hypervisorConfig().get(HypervisorConfig.IMAGE_PATH))
                    .isEqualTo("/boot/image");
            assertThat(onlyProblem().what()).isEqualTo("initrd is \"/gone\" and is ignored");
        }

        @Test
        void mustNotBeEmpty() {
            refused(QEMU.replace("/boot/image", "/boot/empty"));

            assertThat(onlyProblem().why()).isEqualTo("the file is empty");
        }

        @Test
        void mustFitTheMemoryIfItIsAnInitrd(@TempDir Path temp) throws IOException {
            Path large = temp.toRealPath().resolve("large");
            try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
                file.setLength(256L << 20);
            }
            String initrd =
                    QEMU.replace("image =", "initrd =")
                            .replaceAll("\"/b[^\"]*\"", "\"" + large + "\"");

            assertThat(errors(initrd + "default_memory = 256"))
                    .singleElement()
                    .asString()
                    .contains("256 MiB");
            assertThat(errors(initrd + "default_memory = 257")).isEmpty();
            assertThat(errors(initrd.replace("initrd =", "image =") + "default_memory = 256"))
                    .isEmpty();
        }

        private List<Problem> errors(String text) {
            List<ConfigurationText> texts = List.of(new ConfigurationText("main.toml", text));
            return ConfigurationLoader.load(
                            texts, SystemHost.open(), BuildConstants.PACKAGED, LoadOptions.DEFAULT)
                    .errors();
        }

        @Test
        void isNotNeededForSecureExecution() {
            loaded(
                    QEMU.replace("image =", "#")
                            + "confidential_guest = true\nmachine_type = \"s390-ccw-virtio\"");
        }
    }

    @Nested
    class SeveralFiles {

        @Test
        void areMergedKeyByKey() {
            RuntimeConfig config =
                    loaded(
                            QEMU + "default_memory = 300\nenable_annotations = [\"^path$\"]\n",
                            "[hypervisor.qemu]\ndefault_memory = 400\nenable_annotations = [\"^kernel$\"]\n[runtime]\nenable_debug = true\n",
                            "[hypervisor.qemu]\ndefault_memory = 500\n");

            Settings<HypervisorConfig> machine = config.hypervisorConfig();
            assertThat(machine.get(HypervisorConfig.MEMORY_SIZE)).isEqualTo(500);
            assertThat(machine.origin(HypervisorConfig.MEMORY_SIZE))
                    .isEqualTo(
                            new Origin.Configuration(
                                    "drop-in-2.toml", 2, 1, "hypervisor.qemu.default_memory"));
            assertThat(config.enabledAnnotations().patterns()).containsExactly("^kernel$");
            assertThat(config.settings().get(RuntimeFields.DEBUG)).isTrue();
            assertThat(config.files())
                    .containsExactly("main.toml", "drop-in-1.toml", "drop-in-2.toml");
        }

        @Test
        void areAllCheckedForTheirSyntax() {
            load(LoadOptions.DEFAULT, "a = ?", "b = ?");

            assertThat(problems)
                    .extracting(problem -> ((Location.Text) problem.where()).source())
                    .containsExactly("main.toml", "drop-in-1.toml");
        }
    }

    @Nested
    class AnotherMachine {

        @Test
        void mayHaveTheFilesThatAreMissingHere() {
            Outcome<RuntimeConfig> outcome =
                    load(new LoadOptions(false, true), QEMU.replace("/boot/", "/there/"));

            Settings<HypervisorConfig> machine = outcome.value().orElseThrow().hypervisorConfig();
            assertThat(machine.get(HypervisorConfig.KERNEL_PATH)).isEqualTo("/there/kernel");
            assertThat(machine.get(HypervisorConfig.IMAGE_PATH)).isEqualTo("/there/image");
            assertThat(problems).hasSize(2).noneMatch(Problem::isError);
        }
    }
}
