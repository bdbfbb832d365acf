package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.ContainerConfig;
import dev.kumite.config.ContainerPlanner;
import dev.kumite.config.PlanRequest;
import dev.kumite.oci.Mount;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumePlannerTest {

    @TempDir Path directory;
    private Path rootfs;
    private boolean sharesFiles = true;

    @BeforeEach
    void makeRootfs() throws IOException {
        rootfs = Files.createDirectory(directory.resolve("rootfs"));
    }

    private Outcome<VolumePlan> plan(Workload.Builder workload) {
        return plan(workload.command("sh").id("c").build());
    }

    private Outcome<VolumePlan> plan(ContainerRequest request) {
        Spec spec = request.spec();
        ContainerConfig config =
                ContainerPlanner.plan(spec, PlanRequest.of(directory.toString(), request.id()))
                        .value()
                        .orElseThrow();
        return VolumePlanner.plan(
                config,
                new ContainerRequest(
                        spec, directory, request.id(), request.pid(), request.rootDevice()),
                "pod",
                sharesFiles,
                () -> "0123abcd");
    }

    private static Mount mount(VolumePlan plan, String destination) {
        return plan.mounts().stream()
                .filter(mount -> mount.destination().equals(destination))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void sharesTheRootFileSystemUnderTheContainersName() {
        VolumePlan plan = plan(Workload.builder().rootfs(rootfs)).value().orElseThrow();

        assertThat(plan.shared())
                .containsExactly(
                        new VolumePlan.Shared(
                                rootfs, "c/rootfs", true, true, VolumePlan.Access.READ_WRITE));
    }

    @Test
    void holdsAReadOnlyRootOnTheHostToo() {
        VolumePlan plan =
                plan(Workload.builder().rootfs(rootfs).readOnlyRoot()).value().orElseThrow();

        assertThat(plan.shared().getFirst().access()).isEqualTo(VolumePlan.Access.READ_ONLY);
    }

    @Test
    void bindsDirectoriesAndFilesFromTheShare() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path file = Files.writeString(directory.resolve("resolv.conf"), "nameserver ::1\n");

        VolumePlan plan =
                plan(Workload.builder()
                                .rootfs(rootfs)
                                .mount(data, "/data")
                                .mountReadOnly(file, "/etc/resolv.conf"))
                        .value()
                        .orElseThrow();

        assertThat(plan.shared().subList(1, 3))
                .containsExactly(
                        new VolumePlan.Shared(
                                data, "c-0123abcd-data", true, true, VolumePlan.Access.READ_WRITE),
                        new VolumePlan.Shared(
                                file,
                                "c-0123abcd-resolv.conf",
                                false,
                                true,
                                VolumePlan.Access.READ_ONLY));
        assertThat(mount(plan, "/data").source())
                .isEqualTo("/run/kata-containers/shared/containers/c-0123abcd-data");
        assertThat(mount(plan, "/etc/resolv.conf").options()).contains("ro");
    }

    @Test
    void holdsAReadOnlyTreeOnTheHostWithAllThatIsMountedInIt() {
        VolumePlan plan =
                plan(Workload.builder()
                                .rootfs(rootfs)
                                .mount(
                                        Mount.of(
                                                "/data",
                                                "bind",
                                                rootfs.toString(),
                                                List.of("rbind", "rro"))))
                        .value()
                        .orElseThrow();

        assertThat(plan.shared().getLast().access())
                .isEqualTo(VolumePlan.Access.READ_ONLY_RECURSIVELY);
    }

    @Test
    void takesRelativeSourcesFromTheBundle() throws IOException {
        Files.createDirectory(directory.resolve("volume"));

        VolumePlan plan =
                plan(Workload.builder()
                                .rootfs(rootfs)
                                .mount(Mount.of("/v", "bind", "volume", List.of("bind"))))
                        .value()
                        .orElseThrow();

        assertThat(plan.shared().getLast().source()).isEqualTo(directory.resolve("volume"));
        assertThat(plan.shared().getLast().recursive()).isFalse();
    }

    @Test
    void leavesFileSystemsOfTheKernelToTheGuest() {
        VolumePlan plan = plan(Workload.builder().rootfs(rootfs)).value().orElseThrow();

        assertThat(mount(plan, "/proc").type()).isEqualTo("proc");
        assertThat(mount(plan, "/dev/pts").options()).contains("newinstance");
        assertThat(mount(plan, "/sys/fs/cgroup").type()).isEqualTo("cgroup");
    }

    @Test
    void givesTheSandboxsSharedMemoryToTheContainer() {
        VolumePlan plan = plan(Workload.builder().rootfs(rootfs)).value().orElseThrow();

        assertThat(mount(plan, "/dev/shm"))
                .isEqualTo(
                        Mount.of(
                                "/dev/shm",
                                "bind",
                                "/run/kata-containers/sandbox/shm",
                                List.of("rbind")));
    }

    @Test
    void givesTheGuestsOwnSystemDirectoriesInPlaceOfTheHosts() {
        VolumePlan plan =
                plan(Workload.builder()
                                .rootfs(rootfs)
                                .mount(Mount.of("/host-sys", "bind", "/sys", List.of("rbind"))))
                        .value()
                        .orElseThrow();

        assertThat(mount(plan, "/host-sys").source()).isEqualTo("/sys");
        assertThat(plan.shared()).hasSize(1);
    }

    @Test
    void makesVolumesInMemoryInTheGuest() {
        VolumePlan plan =
                plan(Workload.builder()
                                .rootfs(rootfs)
                                .mount(
                                        Mount.of(
                                                "/cache",
                                                "ephemeral",
                                                "/var/lib/kubelet/cache",
                                                List.of("rbind")))
                                .mount(
                                        Mount.of(
                                                "/scratch",
                                                "local",
                                                "/var/lib/kubelet/scratch/",
                                                List.of())))
                        .value()
                        .orElseThrow();

        assertThat(plan.storages())
                .containsExactly(
                        GuestStorage.ephemeral("cache"),
                        GuestStorage.local(
                                "/run/kata-containers/shared/containers/pod/rootfs/local/scratch"));
        assertThat(mount(plan, "/scratch").options()).containsExactly("rbind");
    }

    @Test
    void letsTheStandardDevicesBeTheGuests() {
        VolumePlan plan =
                plan(Workload.builder()
                                .rootfs(rootfs)
                                .mount(Mount.of("/null", "bind", "/dev/null", List.of("bind"))))
                        .value()
                        .orElseThrow();

        assertThat(mount(plan, "/null").source()).isEqualTo("/dev/null");
    }

    @Test
    void refusesADeviceOfTheHost() {
        Outcome<VolumePlan> plan =
                plan(
                        Workload.builder()
                                .rootfs(rootfs)
                                .mount(Mount.of("/sda", "bind", "/dev/sda", List.of("bind"))));

        assertThat(plan.errors())
                .extracting(Problem::what)
                .containsExactly("\"/dev/sda\" is a device of the host");
    }

    @Test
    void refusesWhatIsNotThereAndSaysAllOfIt() {
        Outcome<VolumePlan> plan =
                plan(
                        Workload.builder()
                                .rootfs(directory.resolve("none"))
                                .mount(directory.resolve("missing"), "/m"));

        assertThat(plan.errors())
                .extracting(Problem::what)
                .containsExactly(
                        "the root file system \"" + directory + "/none\" does not exist",
                        "\"" + directory + "/missing\" does not exist");
    }

    @Test
    void refusesASocketBecauseItWouldNotWork() throws IOException {
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));

            Outcome<VolumePlan> plan = plan(Workload.builder().rootfs(rootfs).mount(socket, "/s"));

            assertThat(plan.errors())
                    .extracting(Problem::why)
                    .singleElement()
                    .asString()
                    .contains("does not work from within a machine");
        }
    }

    @Test
    void refusesPathsThatNoFileCanHave() {
        Outcome<VolumePlan> plan =
                plan(
                        Workload.builder()
                                .rootfs(rootfs)
                                .mount(Mount.of("/x", "bind", "a\0b", List.of("bind"))));

        assertThat(plan.isRefused()).isTrue();
    }

    @Test
    void shortensNamesThatAreTooLongForAFile() throws IOException {
        Path data = Files.createDirectory(directory.resolve("n".repeat(255)));

        VolumePlan plan =
                plan(Workload.builder().rootfs(rootfs).mount(data, "/d")).value().orElseThrow();

        assertThat(plan.shared().getLast().name()).isEqualTo("c-0123abcd-" + "n".repeat(64));
    }

    @Test
    void copiesFilesWhereNoneAreShared() throws IOException {
        sharesFiles = false;
        Path file = Files.writeString(directory.resolve("hosts"), "::1 localhost\n");

        Outcome<VolumePlan> plan =
                plan(
                        Workload.builder()
                                .rootfs(rootfs)
                                .mountReadOnly(file, "/etc/hosts")
                                .mount(file, "/data"));

        assertThat(plan.errors())
                .extracting(Problem::what)
                .singleElement()
                .asString()
                .endsWith("is no disk: it is a directory, not a disk");
        assertThat(plan.problems())
                .filteredOn(problem -> !problem.isError())
                .extracting(Problem::what)
                .containsExactly("\"/data\" is a copy of \"" + file + "\"");
    }

    @Test
    void saysWhatCannotBeCopied() throws IOException {
        sharesFiles = false;
        Path deep = directory.resolve("deep");
        Files.createDirectories(Path.of(deep + "/d".repeat(CopiedFile.MOST_LEVELS)));

        assertThat(plan(Workload.builder().rootfs(rootfs).mount(deep, "/deep")).errors())
                .extracting(Problem::what)
                .contains(
                        "\""
                                + deep
                                + "\" cannot be copied: it has more than 16 levels of directories");
    }

    @Test
    void makesADiskOfARootThatIsADevice() throws IOException {
        Path image = Files.createFile(directory.resolve("image"));
        ContainerRequest request = Workload.builder().rootfs(rootfs).command("sh").id("c").build();

        VolumePlan plan =
                plan(request.withRootDevice(new RootDevice(image, "ext4", List.of("ro"))))
                        .value()
                        .orElseThrow();

        assertThat(plan.shared()).isEmpty();
        assertThat(plan.rootDisk().orElseThrow().name()).isEqualTo("c-0123abcd-root");
        assertThat(plan.rootIsReadOnlyDisk()).isTrue();
        assertThat(plan(request.withRootDevice(new RootDevice(rootfs, "ext4", List.of()))).errors())
                .singleElement()
                .asString()
                .contains("it is no block device");
    }
}
