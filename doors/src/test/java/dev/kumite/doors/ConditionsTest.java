package dev.kumite.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.config.ConfigurationText;
import dev.kumite.engine.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConditionsTest {

    @TempDir Path root;

    private Path file() throws Exception {
        return Files.writeString(
                root.resolve("configuration.toml"),
                """
                [hypervisor.qemu]
                path = "/gone/qemu"
                kernel = "/gone/kernel"
                image = "/gone/image"
                virtio_fs_daemon = "/gone/virtiofsd"
                # \u00e4 = \\n ""
                """);
    }

    private static Conditions of(Map<String, String> variables) {
        return Conditions.of(name -> Optional.ofNullable(variables.get(name)));
    }

    @Test
    void comeBackFromDiskAsTheyWere() throws Exception {
        Path file = file();
        Conditions conditions =
                new Conditions(
                        List.of(
                                new ConfigurationText(file.toString(), Files.readString(file)),
                                new ConfigurationText("/etc/x.d/1.toml", "")),
                        false,
                        Optional.of(Path.of("/guest with blanks")),
                        false);
        ConditionsOnDisk records = new ConditionsOnDisk(root);

        records.write("s", conditions);

        Conditions read = records.read("s").orElseThrow();
        assertThat(read.texts()).isEqualTo(conditions.texts());
        assertThat(read.guest()).isEqualTo(conditions.guest());
        assertThat(read.builtIn()).isFalse();
        assertThat(read.past()).isTrue();
    }

    @Test
    void areForgottenWithTheirMachine() throws Exception {
        ConditionsOnDisk records = new ConditionsOnDisk(root);
        records.retain(Set.of());
        Conditions conditions = of(Map.of(Machines.GUEST, "/guest"));
        records.write("ended", conditions);
        records.write("gone", conditions);
        records.write("running", conditions);

        records.remove("ended");
        records.remove("never");
        records.retain(Set.of("running"));

        assertThat(records.read("ended")).isEmpty();
        assertThat(records.read("gone")).isEmpty();
        assertThat(records.read("running")).isPresent();
    }

    @Test
    void thatAreDamagedAreNone() throws Exception {
        ConditionsOnDisk records = new ConditionsOnDisk(root);
        Path directory = Files.createDirectory(root.resolve(".machines"));
        Files.writeString(directory.resolve("escape"), "text.0=\\u12");
        Files.writeString(directory.resolve("empty"), "");

        assertThat(records.read("escape")).isEmpty();
        assertThat(records.read("empty")).isEmpty();
    }

    @Test
    void holdWhenTheConfigurationHasChangedAndItsFilesAreGone() throws Exception {
        Conditions present = of(Map.of(Machines.CONFIGURATION, file().toString()));
        ConditionsOnDisk records = new ConditionsOnDisk(root);
        records.write("s", present);
        Files.writeString(file(), "no TOML");

        assertThatExceptionOfType(DoorException.class)
                .isThrownBy(() -> present.engine(root))
                .satisfies(refused ->
                        assertThat(refused.category()).isEqualTo(DoorException.Category.REFUSED))
                .withMessageContaining("/gone/");
        Engine engine = records.read("s").orElseThrow().engine(root);

        assertThat(engine.root()).isEqualTo(root);
    }
}
