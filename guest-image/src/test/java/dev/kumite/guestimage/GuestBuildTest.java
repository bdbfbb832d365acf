package dev.kumite.guestimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds guests from small packages that have the shape of Debian's. */
final class GuestBuildTest {

    private static final String RELEASE = "6.1.0-9-cloud-amd64";
    private static final byte[] KERNEL = TestElf.program("", "kernel");

    @TempDir private Path directory;
    private Path parts;
    private Path output;

    @BeforeEach
    void agentFiles() throws IOException {
        output = directory.resolve("out/guest");
        parts = directory.resolve("parts");
        write("runtime/release", "JAVA_RUNTIME_VERSION=\"25.0.3+9-LTS\"\n");
        write("runtime/lib/modules", "modules");
        Files.write(parts.resolve("runtime/lib/libjvm.so"), TestElf.program("", "libjli.so"));
        Files.write(parts.resolve("runtime/lib/libjli.so"), TestElf.program("", "libc.so.6"));
        write("runtime/bin/java", "java");
        assertThat(parts.resolve("runtime/bin/java").toFile().setExecutable(true)).isTrue();
        write("lib/agent.jar", "jar");
        write("agent.aot", "cache");
        write("flags", "-cp\n/usr/lib/kumite/lib/agent.jar\n");
    }

    @Test
    void theSameInputsGiveTheSameBytes() throws IOException {
        Path other = directory.resolve("elsewhere/second");

        build(output);
        build(other);

        for (String name :
                List.of("vmlinuz", "vmlinux", "initrd.img", "root.img", "manifest.json")) {
            assertThat(other.resolve(name)).hasSameBinaryContentAs(output.resolve(name));
        }
    }

    @Test
    void theRootDiskHoldsTheAgentItsRuntimeAndTheirLibraries() throws IOException {
        build(output);

        Map<String, TestErofs.Entry> root =
                TestErofs.read(Files.readAllBytes(output.resolve("root.img")));

        assertThat(root)
                .containsKeys(
                        "/usr/bin/crun",
                        "/usr/bin/tini",
                        "/usr/lib/x86_64-linux-gnu/libc.so.6",
                        "/usr/lib/modules/" + RELEASE + "/overlay.ko",
                        "/usr/lib/kumite/runtime/lib/libjvm.so",
                        "/usr/lib/kumite/agent.aot");
        assertThat(root.get("/usr/lib/kumite/runtime/bin/java").mode()).isEqualTo(0100755);
        assertThat(root.get("/usr/lib/kumite/lib/agent.jar"))
                .isEqualTo(new TestErofs.Entry(0100644, 1_795_392_000L, 1, "jar"));
        assertThat(root.get("/usr/sbin/modprobe").text()).isEqualTo("../bin/busybox");
        assertThat(root.get("/lib").text()).isEqualTo("usr/lib");
        assertThat(root.get("/usr/lib/kumite/start").text())
                .contains("exec /usr/bin/tini")
                .doesNotContain("@LATE@");
    }

    @Test
    void theJarsOfTheTrainingRunHaveTheTimeOfTheGuestsFiles() throws IOException {
        String time = Instant.ofEpochSecond(GuestAssembly.FILE_TIME_SECONDS).toString();

        assertThat(Path.of("../scripts/dist")).content().contains("touch -d " + time);
        assertThat(Path.of("../pom.xml"))
                .content()
                .contains("<project.build.outputTimestamp>" + time + "<");
    }

    @Test
    void anotherKernelBringsTheModulesThatOnlyItHas() {
        String release = "6.1.0-9-amd64";
        String kernel = "linux-image-" + release;
        GuestManifest manifest =
                GuestBuild.with(
                                AgentFiles.in(parts),
                                (_, work, _) -> {
                                    DirectoryPackages all = packages(work);
                                    all.add("linux-image-amd64", kernel + " (= 6.1-1)");
                                    addKernel(all, kernel, release);
                                    return all.file(
                                            kernel,
                                            "lib/modules/" + release + "/kernel/9p.ko",
                                            TestElf.module("alias=fs-9p", "depends="));
                                })
                        .withKernel("linux-image-amd64")
                        .into(output);

        assertThat(manifest.kernelRelease()).isEqualTo(release);
        assertThat(manifest.contents())
                .extracting(GuestManifest.FileEntry::path)
                .contains("root.img:/usr/lib/modules/" + release + "/9p.ko");
    }

    @Test
    void refusesAKernelThatIsNone() {
        GuestBuild build = GuestBuild.of(AgentFiles.in(parts));

        for (String name : List.of("", "bash", "linux-image-a b", "linux-image-../x")) {
            assertThatThrownBy(() -> build.withKernel(name))
                    .isInstanceOf(GuestImageException.class)
                    .hasMessageContaining("names no package of a kernel");
        }
    }

    @Test
    void theManifestTellsWhatIsInside() {
        GuestManifest manifest = build(output);

        assertThat(GuestManifest.read(output)).isEqualTo(manifest);
        assertThat(manifest.kernelRelease()).isEqualTo(RELEASE);
        assertThat(manifest.javaVersion()).isEqualTo("25.0.3+9-LTS");
        assertThat(manifest.packages())
                .extracting(GuestManifest.PackageEntry::name)
                .containsExactly(
                        "busybox-static", "crun", "libc6", "linux-image-" + RELEASE, "tini");
        assertThat(manifest.files())
                .extracting(GuestManifest.FileEntry::path)
                .containsExactly("vmlinuz", "vmlinux", "initrd.img", "root.img");
        assertThat(manifest.contents())
                .extracting(GuestManifest.FileEntry::path)
                .contains("initrd.img:/init", "root.img:/usr/lib/kumite/agent.aot");
        assertThat(manifest.damaged(output)).isEmpty();
    }

    @Test
    void damageIsFound() throws IOException {
        GuestManifest manifest = build(output);
        Files.writeString(output.resolve("initrd.img"), "other");
        Files.delete(output.resolve("vmlinux"));

        assertThat(manifest.damaged(output)).containsExactly("vmlinux", "initrd.img");
    }

    @Test
    void aGuestIsReplacedAndNothingIsLeftBeside() throws IOException {
        build(output);
        write("agent.aot", "another cache");

        GuestManifest second = build(output);

        assertThat(second.damaged(output)).isEmpty();
        try (Stream<Path> entries = Files.list(output.getParent())) {
            assertThat(entries.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("guest", ".guest.lock");
        }
    }

    @Test
    void aDirectoryWithOtherThingsIsLeftAlone() throws IOException {
        Files.createDirectories(output);
        Path file = Files.writeString(output.resolve("thesis.tex"), "precious");

        assertThatThrownBy(() -> build(output))
                .isInstanceOf(GuestImageException.class)
                .hasMessageContaining("holds no guest");
        assertThat(file).hasContent("precious");
    }

    @Test
    void aBuildThatFailsLeavesTheOldGuest() throws IOException {
        GuestManifest before = build(output);

        assertThatThrownBy(() ->
                        GuestBuild.with(
                                        AgentFiles.in(parts),
                                        (_, work, _) -> packages(work).add("crun", ""))
                                .into(output))
                .isInstanceOf(GuestImageException.class);

        assertThat(before.damaged(output)).isEmpty();
        try (Stream<Path> entries = Files.list(output.getParent())) {
            assertThat(entries).hasSize(2);
        }
    }

    @Test
    void saysWhatIsMissingFromTheDistribution() throws IOException {
        Files.delete(parts.resolve("agent.aot"));

        assertThatThrownBy(() -> AgentFiles.in(parts))
                .isInstanceOf(GuestImageException.class)
                .hasMessageContaining("agent.aot is missing");
    }

    @Test
    void stepsAreTold() {
        List<String> steps = new ArrayList<>();

        GuestBuild.with(AgentFiles.in(parts), (_, work, _) -> packages(work))
                .withListener(steps::add)
                .into(output);

        assertThat(steps).contains("adding Java 25.0.3+9-LTS and the agent", "writing the guest");
    }

    private GuestManifest build(Path to) {
        return GuestBuild.with(AgentFiles.in(parts), (_, work, _) -> packages(work)).into(to);
    }

    private static DirectoryPackages packages(Path work) {
        DirectoryPackages packages = new DirectoryPackages(work);
        String triplet = "lib/x86_64-linux-gnu/";
        String kernel = "linux-image-" + RELEASE;
        packages.add("linux-image-cloud-amd64", kernel + " (= 6.1-1)");
        addKernel(packages, kernel, RELEASE);
        return packages.add("busybox-static", "")
                .file("busybox-static", "bin/busybox", TestElf.program(""))
                .add("libc6", "")
                .file("libc6", triplet + "libc.so.6", TestElf.program(""))
                .add("tini", "libc6")
                .file("tini", "usr/bin/tini", TestElf.program("", "libc.so.6"))
                .add("crun", "libc6")
                .file("crun", "usr/bin/crun", TestElf.program("", "libc.so.6"));
    }

    private static void addKernel(DirectoryPackages packages, String kernel, String release) {
        packages.add(kernel, "kmod")
                .text(kernel, "lib/modules/" + release + "/modules.builtin", "kernel/fs/fat.ko\n");
        for (String module : allModules()) {
            packages.file(
                    kernel,
                    "lib/modules/" + release + "/kernel/" + module + ".ko",
                    TestElf.module("alias=" + module, "depends="));
        }
        try {
            packages.file(kernel, "boot/vmlinuz-" + release, TestKernel.lz4(KERNEL, 1 << 20));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> allModules() {
        List<String> modules = new ArrayList<>(GuestRecipe.BUS_MODULES);
        modules.addAll(GuestRecipe.ROOT_MODULES);
        modules.addAll(GuestRecipe.DEVICE_MODULES);
        modules.addAll(GuestRecipe.LATE_MODULES);
        modules.addAll(GuestRecipe.LAZY_MODULES);
        return modules;
    }

    private void write(String path, String text) throws IOException {
        Path file = parts.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
