package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * What the tests of {@link ConfigurationLoader} have in common: a machine with a few files, and a
 * configuration for it.
 */
abstract class ConfigurationLoading {

    static final String QEMU =
            """
            [hypervisor.qemu]
            path = "/bin/qemu"
            kernel = "/boot/kernel"
            image = "/boot/image"
            virtio_fs_daemon = "/bin/virtiofsd"
            """;
    static final String CLH = QEMU.replace("qemu]", "clh]");

    final FakeHost host =
            new FakeHost()
                    .withCpus(8)
                    .withFile("/bin/qemu")
                    .withFile("/boot/kernel")
                    .withFile("/boot/image")
                    .withFile("/boot/initrd")
                    .withFile("/boot/empty", "")
                    .withFile("/data/a/x")
                    .withFile("/data/b/x");
    List<Problem> problems = List.of();

    Outcome<RuntimeConfig> load(LoadOptions options, String... texts) {
        List<ConfigurationText> files = new ArrayList<>();
        for (String text : texts) {
            files.add(
                    new ConfigurationText(
                            files.isEmpty() ? "main.toml" : "drop-in-" + files.size() + ".toml",
                            text));
        }
        Outcome<RuntimeConfig> outcome =
                ConfigurationLoader.load(files, host, BuildConstants.PACKAGED, options);
        problems = outcome.problems();
        return outcome;
    }

    RuntimeConfig loaded(String... texts) {
        Outcome<RuntimeConfig> outcome = load(LoadOptions.DEFAULT, texts);
        assertThat(outcome.errors()).isEmpty();
        return outcome.value().orElseThrow();
    }

    void refused(String text) {
        assertThat(load(LoadOptions.DEFAULT, text).isRefused()).as("refused: %s", text).isTrue();
    }

    <T> T hypervisor(String text, Field<HypervisorConfig, T> field) {
        return loaded(text).hypervisorConfig().get(field);
    }

    Problem onlyProblem() {
        assertThat(problems).hasSize(1);
        return problems.getFirst();
    }
}
