package dev.kumite.guestimage;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One build: puts the two trees of a guest together and writes them. Confined to one thread. */
final class GuestAssembly {

    /**
     * Time of every file in the guest, in seconds since the epoch: 2026-11-23T00:00:00Z. The AOT
     * cache is valid only with jars of the time that they had when it was made, so this equals
     * {@code project.build.outputTimestamp}, which scripts/dist gives the jars.
     */
    static final long FILE_TIME_SECONDS = 1_795_392_000L;

    /** Any fixed value will do; the guest looks for the disk's serial number. */
    private static final byte[] ROOT_UUID = "kumite root disk".getBytes(StandardCharsets.US_ASCII);

    private static final String KUMITE = "usr/lib/kumite/";

    private final AgentFiles agent;
    private final PackageSource packages;
    private final Optional<String> kernelName;
    private final GuestBuildListener listener;
    private final FileTree root = new FileTree();
    private final FileTree initrd = new FileTree();
    private final Map<String, DebianPackage> used = new TreeMap<>();

    /**
     * @param kernelName the kernel's package, if it is not the usual one
     */
    GuestAssembly(
            AgentFiles agent,
            PackageSource packages,
            Optional<String> kernelName,
            GuestBuildListener listener) {
        this.agent = agent;
        this.packages = packages;
        this.kernelName = kernelName;
        this.listener = listener;
    }

    /** Writes the guest into an empty directory. */
    GuestManifest write(Path directory) throws IOException {
        DebianPackage kernel = kernelPackage();
        Path boot = onlyEntry(kernel.content().resolve("boot"), "vmlinuz-");
        String release = boot.getFileName().toString().substring("vmlinuz-".length());
        KernelModules modules = KernelModules.in(modulesDirectory(kernel, release));

        addSkeleton();
        addPrograms();
        addJava();
        addModules(modules, release);
        addInitrd(modules, release);

        listener.step("writing the guest");
        Files.copy(boot, directory.resolve(GuestDirectory.KERNEL));
        KernelImage.extract(boot, directory.resolve(GuestDirectory.PLAIN_KERNEL));
        try (OutputStream out = output(directory.resolve(GuestDirectory.INITRD))) {
            CpioWriter.write(initrd, FILE_TIME_SECONDS, out);
        }
        try (OutputStream out = output(directory.resolve(GuestDirectory.ROOT))) {
            ErofsWriter.write(root, ROOT_UUID, FILE_TIME_SECONDS, out);
        }
        GuestManifest manifest = manifest(directory, release);
        Files.writeString(directory.resolve(GuestManifest.FILE_NAME), manifest.toJson());
        return manifest;
    }

    private static OutputStream output(Path file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    }

    /** The package of the plain name holds nothing, but depends upon that of the newest version. */
    private DebianPackage kernelPackage() {
        DebianPackage named =
                packages.get(
                        kernelName.orElseGet(
                                () -> GuestRecipe.kernelPackage(packages.architecture())));
        if (Files.isDirectory(named.content().resolve("boot"))) {
            return use(named);
        }
        String depends = named.depends();
        String name = depends.split("[ (,|]", 2)[0];
        if (!name.startsWith("linux-image-")) {
            throw GuestImageException.content(
                    named.name() + " depends upon \"" + depends + "\", which names no kernel");
        }
        return use(packages.get(name));
    }

    private DebianPackage use(DebianPackage taken) {
        used.put(taken.name(), taken);
        return taken;
    }

    private static Path modulesDirectory(DebianPackage kernel, String release) {
        Path directory = kernel.content().resolve("lib/modules").resolve(release);
        return Files.isDirectory(directory)
                ? directory
                : kernel.content().resolve("usr/lib/modules").resolve(release);
    }

    private static Path onlyEntry(Path directory, String prefix) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> found =
                    entries.filter(p -> p.getFileName().toString().startsWith(prefix)).toList();
            if (found.size() != 1) {
                throw GuestImageException.content(
                        directory + " holds " + found.size() + " files " + prefix + "*, not one");
            }
            return found.getFirst();
        }
    }

    private void addSkeleton() {
        for (String name : List.of("dev", "proc", "sys", "run", "var", "mnt", "etc", "usr/lib64")) {
            root.directory(name);
        }
        root.directory("tmp", 01777).directory("root", 0700);
        for (String name : List.of("bin", "sbin", "lib", "lib64")) {
            root.symlink(name, "usr/" + name);
        }
        root.text(
                        "etc/passwd",
                        0644,
                        "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n")
                .text("etc/group", 0644, "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n")
                .text("etc/hosts", 0644, "127.0.0.1 localhost\n::1 localhost\n")
                // The agent mounts the sandbox's own over these.
                .text("etc/resolv.conf", 0644, "")
                .text("etc/hostname", 0644, "localhost\n");
    }

    private void addPrograms() {
        listener.step("finding programs and their libraries");
        LibraryClosure closure = new LibraryClosure(packages, root);
        closure.addProgram(packages.get(GuestRecipe.OCI_RUNTIME), "usr/bin/crun");
        closure.addProgram(packages.get(GuestRecipe.INIT), "usr/bin/tini");
        DebianPackage libc = packages.get(GuestRecipe.C_LIBRARY);
        List<Path> natives = nativeFiles(agent.runtime());
        Set<String> own = new HashSet<>();
        natives.forEach(p -> own.add(p.getFileName().toString()));
        natives.forEach(p -> closure.addLibrariesFor(p, libc, own));
        used.putAll(closure.used());

        DebianPackage busybox = use(packages.get(GuestRecipe.BUSYBOX));
        root.program("usr/bin/busybox", 0755, busyboxOf(busybox));
        for (String name : GuestRecipe.BUSYBOX_NAMES) {
            root.symlink(name, name.startsWith("usr/bin/") ? "busybox" : "../bin/busybox");
        }
    }

    private static Path busyboxOf(DebianPackage busybox) {
        Path file = busybox.content().resolve("bin/busybox");
        return Files.exists(file) ? file : busybox.content().resolve("usr/bin/busybox");
    }

    private static List<Path> nativeFiles(Path runtime) {
        return regularFiles(runtime).filter(p -> ElfFile.read(p).isPresent()).toList();
    }

    private static Stream<Path> regularFiles(Path directory) {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = new ArrayList<>(walk.filter(Files::isRegularFile).toList());
        } catch (IOException e) {
            throw GuestImageException.io("cannot read " + directory, e);
        }
        files.sort(null);
        return files.stream();
    }

    private void addJava() {
        listener.step("adding Java " + agent.javaVersion() + " and the agent");
        addAll(agent.runtime(), KUMITE + "runtime/");
        addAll(agent.jars(), KUMITE + "lib/");
        root.file(KUMITE + "agent.aot", 0644, agent.aotCache());
        root.file(KUMITE + "flags", 0644, agent.flags());
    }

    private void addAll(Path directory, String to) {
        regularFiles(directory)
                .forEach(p ->
                        root.program(
                                to + directory.relativize(p),
                                Files.isExecutable(p) ? 0755 : 0644,
                                p));
    }

    private void addModules(KernelModules modules, String release) {
        List<String> names = new ArrayList<>();
        names.addAll(GuestRecipe.BUS_MODULES);
        names.addAll(GuestRecipe.ROOT_MODULES);
        names.addAll(GuestRecipe.DEVICE_MODULES);
        names.addAll(GuestRecipe.LATE_MODULES);
        names.addAll(GuestRecipe.LAZY_MODULES);
        GuestRecipe.OPTIONAL_MODULES.stream().filter(modules::has).forEach(names::add);
        modules.install(modules.loadOrder(names), root, "usr/lib/modules/" + release);
        root.text(KUMITE + "start", 0755, script("start"));
    }

    private void addInitrd(KernelModules modules, String release) {
        DebianPackage busybox = packages.get(GuestRecipe.BUSYBOX);
        for (String name : List.of("dev", "proc", "sys", "root")) {
            initrd.directory(name);
        }
        initrd.program("bin/busybox", 0755, busyboxOf(busybox)).symlink("bin/sh", "busybox");
        List<String> names = new ArrayList<>(GuestRecipe.BUS_MODULES);
        names.addAll(GuestRecipe.ROOT_MODULES);
        names.addAll(GuestRecipe.DEVICE_MODULES);
        modules.install(modules.loadOrder(names), initrd, "lib/modules/" + release);
        initrd.text("init", 0755, script("init"));
        initrd.text("fstab.early", 0644, script("fstab.early"));
        initrd.text("fstab.root", 0644, script("fstab.root"));
    }

    private static String script(String name) {
        try (InputStream in = GuestAssembly.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@BUS@", String.join(" ", GuestRecipe.BUS_MODULES))
                    .replace("@ROOT@", String.join(" ", GuestRecipe.ROOT_MODULES))
                    .replace("@LATE@", String.join(" ", GuestRecipe.LATE_MODULES))
                    .replace("@SERIAL@", GuestRecipe.ROOT_SERIAL);
        } catch (IOException e) {
            throw GuestImageException.io("cannot read the resource " + name, e);
        }
    }

    private GuestManifest manifest(Path directory, String release) {
        List<GuestManifest.FileEntry> files = new ArrayList<>();
        for (String name :
                Arrays.asList(
                        GuestDirectory.KERNEL,
                        GuestDirectory.PLAIN_KERNEL,
                        GuestDirectory.INITRD,
                        GuestDirectory.ROOT)) {
            Path file = directory.resolve(name);
            if (Files.exists(file)) {
                files.add(entry(name, new FileTree.Content.Of(file, file.toFile().length())));
            }
        }
        List<GuestManifest.FileEntry> contents = new ArrayList<>();
        addContents(GuestDirectory.INITRD, initrd, contents);
        addContents(GuestDirectory.ROOT, root, contents);
        return new GuestManifest(
                packages.architecture(),
                release,
                agent.javaVersion(),
                used.values().stream()
                        .map(p ->
                                new GuestManifest.PackageEntry(
                                        p.name(), p.version(), p.architecture(), p.sha256()))
                        .toList(),
                files,
                contents);
    }

    private static void addContents(
            String archive, FileTree tree, List<GuestManifest.FileEntry> contents) {
        tree.nodes()
                .forEach((path, node) -> {
                    if (node instanceof FileTree.Node.RegularFile(_, FileTree.Content content)) {
                        contents.add(entry(archive + ":/" + path, content));
                    }
                });
    }

    private static GuestManifest.FileEntry entry(String path, FileTree.Content content) {
        return new GuestManifest.FileEntry(path, content.length(), Sha256.of(content));
    }
}
