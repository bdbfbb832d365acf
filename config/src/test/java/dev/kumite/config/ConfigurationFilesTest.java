package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFilesTest {

    private static final BuildConstants BUILD = BuildConstants.PACKAGED;

    @TempDir Path temp;

    @Test
    void takesTheGivenPath() {
        FakeHost host = new FakeHost().withFile("/c.toml").withFile(BUILD.sysconfPath());

        assertThat(ConfigurationFiles.locate(Optional.of("/c.toml"), host, BUILD).value())
                .contains("/c.toml");
    }

    @Test
    void refusesAGivenPathThatIsMissing() {
        FakeHost host = new FakeHost().withFile(BUILD.sysconfPath());

        Outcome<String> outcome = ConfigurationFiles.locate(Optional.of("/gone.toml"), host, BUILD);

        assertThat(outcome.problems())
                .extracting(Problem::describe)
                .containsExactly(
                        "/gone.toml: error: the configuration file cannot be used: it does not exist; name an existing file");
    }

    @Test
    void triesTheDefaultPlacesInOrder() {
        FakeHost host = new FakeHost().withFile(BUILD.configPath());

        assertThat(ConfigurationFiles.locate(Optional.empty(), host, BUILD).value())
                .contains(BUILD.configPath());
        host.withFile(BUILD.sysconfPath());
        assertThat(ConfigurationFiles.locate(Optional.of(""), host, BUILD).value())
                .contains(BUILD.sysconfPath());
    }

    @Test
    void saysWhatWasTried() {
        Outcome<String> outcome =
                ConfigurationFiles.locate(Optional.empty(), new FakeHost(), BUILD);

        assertThat(outcome.problems().getFirst().why())
                .contains(BUILD.sysconfPath(), BUILD.configPath());
    }

    @Test
    void readsTheFilesBesideInTheOrderOfTheirNames() {
        FakeHost host =
                new FakeHost()
                        .withFile("/etc/c.toml", "main")
                        .withFile("/etc/config.d/20.toml", "second")
                        .withFile("/etc/config.d/10.toml", "first")
                        .withFile("/etc/config.d/readme", "not read")
                        .withFile("/etc/config.d/dir.toml/x", "not read");

        Outcome<List<ConfigurationText>> outcome = ConfigurationFiles.read("/etc/c.toml", host);

        assertThat(outcome.value().orElseThrow())
                .containsExactly(
                        new ConfigurationText("/etc/c.toml", "main"),
                        new ConfigurationText("/etc/config.d/10.toml", "first"),
                        new ConfigurationText("/etc/config.d/20.toml", "second"));
    }

    @Test
    void refusesWhatIsNotUtf8AndNamesTheLine() throws IOException {
        Path file =
                Files.write(temp.resolve("c.toml"), new byte[] {'a', '\n', 'b', (byte) 0xFF, '\n'});

        Outcome<List<ConfigurationText>> outcome =
                ConfigurationFiles.read(file.toString(), SystemHost.open());

        assertThat(outcome.problems())
                .extracting(Problem::describe)
                .containsExactly(
                        file
                                + ":2: error: the file is not UTF-8: TOML is; convert the file, or correct the line");
    }

    @Test
    void refusesDirectoriesAndLargeFiles() throws IOException {
        Path large =
                Files.write(
                        temp.resolve("large.toml"),
                        new byte[ConfigurationFiles.MAX_FILE_BYTES + 1]);

        assertThat(
                        ConfigurationFiles.read(temp.toString(), SystemHost.open())
                                .problems()
                                .getFirst()
                                .why())
                .isEqualTo("is a directory");
        assertThat(
                        ConfigurationFiles.read(large.toString(), SystemHost.open())
                                .problems()
                                .getFirst()
                                .why())
                .contains("is larger than");
    }

    @Test
    void refusesMoreFilesThanAnybodyHas() {
        FakeHost host = new FakeHost().withFile("/etc/c.toml", "");
        for (int i = 0; i <= ConfigurationFiles.MAX_DROP_INS; i++) {
            host.withFile("/etc/config.d/" + i + ".toml", "");
        }

        assertThat(ConfigurationFiles.read("/etc/c.toml", host).isRefused()).isTrue();
    }

    @Test
    void hasAConfigurationForMachinesWithoutOne() {
        ConfigurationText builtIn = ConfigurationFiles.builtIn();

        Outcome<RuntimeConfig> outcome =
                ConfigurationLoader.load(
                        List.of(builtIn), new FakeHost(), BUILD, new LoadOptions(true, true));

        RuntimeConfig config = outcome.value().orElseThrow();
        assertThat(config.hypervisorConfig().get(HypervisorConfig.INITRD_PATH))
                .isEqualTo("/var/lib/kumite/guest/initrd.img");
        assertThat(config.settings().get(RuntimeFields.INTER_NETWORK_MODEL))
                .isEqualTo(InterworkingModel.TCFILTER);
        assertThat(config.enabledAnnotations().admits("enable_iommu")).isTrue();
        assertThat(config.enabledAnnotations().admits("kernel_params")).isFalse();
        assertThat(config.files()).isEmpty();
        assertThat(outcome.problems())
                .as("only missing files")
                .allSatisfy(problem -> assertThat(problem.why()).isEqualTo("it does not exist"));
    }
}
