package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.Settings;
import dev.kumite.config.SystemHost;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import dev.kumite.vmm.GuestKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything is taken. */
class PreparationTest {

    @TempDir Path directory;

    private Engine engine() {
        return Engine.builder()
                .root(directory.resolve("root"))
                .guest(directory.resolve("guest"))
                .build();
    }

    private EngineException refusal(ContainerRequest request) {
        return catchRefusal(engine(), request);
    }

    private EngineException catchRefusal(Engine engine, ContainerRequest request) {
        EngineException[] caught = new EngineException[1];
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.start(request))
                .satisfies(e -> caught[0] = e);
        assertThat(directory.resolve("root")).doesNotExist();
        return caught[0];
    }

    @Test
    void saysThatThereIsNoGuestAndHowToGetOne() {
        EngineException e =
                refusal(Workload.builder().id("c").rootfs(directory).command("x").build());

        assertThat(e.category()).isEqualTo(EngineException.Category.REFUSED);
        assertThat(e.problems())
                .filteredOn(Problem::isError)
                .extracting(Problem::what)
                .contains(
                        "the guest's kernel \"" + directory + "/guest/vmlinuz\" does not exist",
                        "the guest's initrd \"" + directory + "/guest/initrd.img\" does not exist");
        assertThat(e.problems())
                .extracting(Problem::fix)
                .anyMatch(fix -> fix.contains("guest build"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "-x", "a/b", "a b", "ä", "../../etc"})
    void refusesNamesThatAreNoNamesOfFiles(String id) {
        ContainerRequest named =
                new ContainerRequest(
                        Workload.builder().rootfs(directory).command("x").build().spec(),
                        directory,
                        id);

        assertThat(refusal(named).problems())
                .extracting(Problem::what)
                .anyMatch(what -> what.endsWith("is no identity"));
    }

    @Test
    void refusesPathsThatAreTooLongForSockets() {
        ContainerRequest request =
                Workload.builder().id("c".repeat(120)).rootfs(directory).command("x").build();

        assertThat(refusal(request).problems())
                .extracting(Problem::why)
                .contains("the path of a Unix socket has at most 107 bytes");
    }

    @Test
    void refusesAContainerThatBelongsToAPod() {
        ContainerRequest request =
                Workload.builder()
                        .id("c")
                        .rootfs(directory)
                        .command("x")
                        .annotation("io.kubernetes.cri.container-type", "container")
                        .annotation("io.kubernetes.cri.sandbox-id", "pod")
                        .build();

        assertThat(refusal(request).getMessage()).contains("belongs to sandbox \"pod\"");
    }

    @Test
    void refusesAContainerWithoutAProgram() {
        Spec spec =
                SpecReader.read(
                                "{\"process\": {\"cwd\": \"/\"}, \"root\": {\"path\": \"r\"}, \"linux\": {}}",
                                "<test>")
                        .value()
                        .orElseThrow();

        assertThat(refusal(new ContainerRequest(spec, directory, "c")).problems())
                .extracting(Problem::what)
                .contains("there is no program to run: process.args is empty");
    }

    @Test
    void collectsProblemsOfThePlanToo() {
        EngineException e = refusal(new ContainerRequest(Spec.empty(), directory, "c"));

        assertThat(e.problems()).filteredOn(Problem::isError).hasSizeGreaterThan(2);
    }

    @Test
    void saysAtOnceThatTheGuestHasNo9p() throws IOException {
        Path guest = Files.createDirectory(directory.resolve("guest"));
        for (String name : List.of("vmlinuz", "initrd.img", "manifest.json")) {
            Files.createFile(guest.resolve(name));
        }
        RuntimeConfig builtIn = BootFiles.builtIn(SystemHost.open());
        Engine engine =
                Engine.builder()
                        .root(directory.resolve("root"))
                        .configuration(
                                builtIn.withHypervisorConfig(
                                        builtIn.hypervisorConfig().toBuilder()
                                                .set(
                                                        HypervisorConfig.SHARED_FS,
                                                        "virtio-9p",
                                                        new Origin.Argument("test"))
                                                .build()))
                        .guest(guest)
                        .build();
        ContainerRequest request =
                Workload.builder().id("c").rootfs(directory).command("x").build();

        assertThat(catchRefusal(engine, request).problems())
                .filteredOn(Problem::isError)
                .extracting(Problem::fix)
                .singleElement()
                .asString()
                .contains("kumite guest build --kernel linux-image-amd64");

        Files.writeString(guest.resolve("manifest.json"), "{\"path\": \"root.img:/x/9p.ko\"}");
        List<Problem> problems = new ArrayList<>();
        BootFiles _ =
                BootFiles.of(BootFiles.with(engine.runtime().hypervisorConfig(), guest), problems);
        assertThat(problems).isEmpty();
    }

    @Test
    void takesAGuestWithoutAManifestForOneOfKatas() throws IOException {
        for (String name : List.of("vmlinuz", "initrd.img")) {
            Files.createFile(directory.resolve(name));
        }
        Settings<HypervisorConfig> settings =
                BootFiles.with(BootFiles.builtIn(SystemHost.open()).hypervisorConfig(), directory);
        List<Problem> problems = new ArrayList<>();

        BootFiles files = BootFiles.of(settings, problems);

        assertThat(files.kind()).isEqualTo(GuestKind.KATA);
        assertThat(problems).isEmpty();
    }
}
