package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFindingsTest extends ConfigurationLoading {

    @Nested
    class Refusals {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "default_vcpus = \"1\"", "default_memory = -1", "default_memory = 4294967296",
                            "default_vcpus = 2147483648",
                    "enable_debug = 1", "enable_annotations = \"x\"", "enable_annotations = [1]",
                            "path2 = 1\nmachine_type = 5",
                    "jailer_path = 1", "kernel_params = \"a =b\"",
                            "block_device_driver = \"floppy\"", "shared_fs = \"nfs\"",
                    "firmware = \"/gone\"", "pflashes = [\"/gone\"]", "initrd = \"/boot/initrd\"",
                            "confidential_guest = true\nmachine_type = \"s390-ccw-virtio\""
                })
        void ofAHypervisorsKeys(String line) {
            refused(QEMU + line);

            Problem error = problems.stream().filter(Problem::isError).findFirst().orElseThrow();
            assertThat(error.describe()).startsWith("main.toml:");
            assertThat(error.why()).isNotEmpty();
            assertThat(error.fix()).isNotEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "internetworking_model = \"None\"",
                    "vfio_mode = \"x\"",
                    "disable_new_netns = true",
                    "experimental = [\"x\"]",
                    "sandbox_bind_mounts = [\"/gone\"]",
                    "sandbox_bind_mounts = [\"/data/a/x\", \"/data/b/x\"]",
                    "sandbox_bind_mounts = [\"\"]",
                    "annotation_policy = \"lax\"",
                    "jaeger_password = 5"
                })
        void ofTheRuntimesKeys(String line) {
            refused(QEMU + "[runtime]\n" + line);

            assertThat(problems).hasSize(1);
            assertThat(((Location.Text) problems.getFirst().where()).line()).isEqualTo(7);
        }

        @Test
        void comeAllAtOnceInTheOrderOfTheFile() {
            refused(
                    QEMU.replace("/bin/qemu", "/gone")
                            + "default_vcpus = \"x\"\nshared_fs = \"nfs\"\n[agent.kata]\nenable_debug = 5\n[runtime]\nvfio_mode = \"x\"\n");

            assertThat(problems)
                    .extracting(problem -> ((Location.Text) problem.where()).line())
                    .containsExactly(2, 6, 7, 9, 11);
        }

        @Test
        void suggestTheWordThatWasMeant() {
            refused(QEMU + "shared_fs = \"virtiofs\"");

            assertThat(onlyProblem().fix()).contains("did you mean \"virtio-fs\"?");
        }

        @Test
        void doNotShowASecret() {
            refused(QEMU + "[runtime]\njaeger_password = 31337\n");

            assertThat(onlyProblem().describe()).doesNotContain("31337");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[hypervisor.QEMU]",
                    "[hypervisor.xen]",
                    "[[hypervisor.qemu]]",
                    "[hypervisor]\nqemu = 5",
                    "runtime = 1",
                    "[[runtime]]",
                    "[agent]\nkata = 1"
                })
        void ofTablesThatAreNone(String text) {
            refused(text.startsWith("[hyp") ? text : QEMU.replace("[hyp", text + "\n[hyp"));
        }

        @Test
        void nameTheKindThatWasMeant() {
            refused("[hypervisor.QEMU]\n");

            assertThat(problems.getFirst().fix()).contains("did you mean \"qemu\"?");
        }

        @Test
        void ofCombinations() {
            refused(QEMU + "[factory]\nenable_template = true");
            refused(CLH + "[factory]\nvm_cache_number = 1");
            refused(QEMU.replace("virtio_fs_daemon", "#"));
            refused(CLH + "shared_fs = \"virtio-9p\"");
        }
    }

    @Nested
    class Warnings {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "default_vcpu = 1 | did you mean \"default_vcpus\"?",
                    "vfio_mode = \"vfio\" | move it to [runtime]",
                    "zzzzzz = 1 | remove it",
                })
        void ofUnknownKeysSayWhatWasMeant(String line, String fix) {
            loaded(QEMU + line);

            assertThat(onlyProblem().fix()).isEqualTo(fix);
            assertThat(load(new LoadOptions(true, false), QEMU + line).isRefused()).isTrue();
        }

        @Test
        void ofUnknownTables() {
            loaded(QEMU + "[runtim]\n[shim.kata]\npath = \"/x\"\n");

            assertThat(problems)
                    .extracting(Problem::what)
                    .containsExactly(
                            "[runtim] is no table of this configuration", "[shim] has no effect");
            assertThat(problems.getFirst().fix()).contains("\"runtime\"");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "jailer_path = \"/x\"",
                    "disable_seccomp = true",
                    "rootfs_type = \"ext4\"",
                    "[runtime]\ndisable_selinux = true",
                    "[agent.kata]\ncontainer_pipe_size = 5",
                    "[image]\nprovision = \"x\""
                })
        void ofKeysWithoutEffect(String line) {
            loaded(QEMU + line);

            assertThat(onlyProblem().what()).contains("has no effect");
        }

        @Test
        void ofSeveralHypervisorsWhoseFirstCounts() {
            assertThat(loaded(CLH + QEMU).hypervisorType()).isEqualTo("clh");
            assertThat(onlyProblem().what()).isEqualTo("[hypervisor.qemu] has no effect");
            refused(CLH + QEMU.replace("/bin/qemu", "/gone"));
        }

        @Test
        void ofSeveralAgents() {
            RuntimeConfig config =
                    loaded(QEMU + "[agent.a]\ndial_timeout = 1\n[agent.b]\ndial_timeout = 2\n");

            assertThat(config.agentConfig().get(AgentConfig.DIAL_TIMEOUT)).isEqualTo(1);
            assertThat(onlyProblem().what()).isEqualTo("[agent.b] has no effect");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "( | no valid regular expression",
                    "path | also admits jailer_path, ctlpath",
                    "'' | all annotations",
                    "kernal | matches the name of no annotation",
                })
        void ofPatternsThatDoNotDoWhatTheySay(String pattern, String why) {
            loaded(QEMU + "enable_annotations = [\"" + pattern + "\"]");

            assertThat(onlyProblem().why()).contains(why);
            assertThat(((Location.Text) onlyProblem().where()).line()).isEqualTo(6);
        }

        @ParameterizedTest
        @ValueSource(strings = {"^path$", "kernel_params", "default_.*"})
        void areNotGivenForPatternsThatDo(String pattern) {
            loaded(QEMU + "enable_annotations = ['" + pattern + "']");

            assertThat(problems).isEmpty();
        }

        @Test
        void ofGlobsThatAllowNothing() {
            loaded(QEMU + "valid_hypervisor_paths = [\"\", \"/bin/[\", \"/bin/*\"]");

            assertThat(problems)
                    .extracting(Problem::what)
                    .containsExactly(
                            "valid_hypervisor_paths has the empty pattern \"\"",
                            "valid_hypervisor_paths has the pattern \"/bin/[\"");
        }
    }
}
