package dev.kumite.guestimage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Builds a guest: from Debian packages, a Java runtime and the agent to a directory with a kernel,
 * an initrd, a root disk and a manifest. The same inputs give the same bytes.
 *
 * <pre>{@code
 * GuestManifest manifest =
 *         GuestBuild.of(AgentFiles.in(Path.of("/opt/kumite/guest")))
 *                 .withPackageCache(Path.of("/var/cache/kumite/packages"))
 *                 .withListener(System.err::println)
 *                 .into(Path.of("/var/lib/kumite/guest"));
 * }</pre>
 *
 * <p>Immutable. Several builds may run at once; those into the same directory wait for each other.
 */
public final class GuestBuild {

    /** Opens the packages, once it is known where they can be unpacked. */
    @FunctionalInterface
    interface PackageOpener {
        PackageSource open(Path cache, Path work, GuestBuildListener listener);
    }

    private static final Path NO_CACHE = Path.of("");

    private final AgentFiles agent;
    private final PackageOpener packages;
    private final Path cache;
    private final Optional<String> kernel;
    private final GuestBuildListener listener;

    private GuestBuild(
            AgentFiles agent,
            PackageOpener packages,
            Path cache,
            Optional<String> kernel,
            GuestBuildListener listener) {
        this.agent = agent;
        this.packages = packages;
        this.cache = cache;
        this.kernel = kernel;
        this.listener = listener;
    }

    /**
     * {@return a build with packages of this machine's own distribution}
     *
     * @param agent what the distribution of Kumite brings
     */
    public static GuestBuild of(AgentFiles agent) {
        return with(agent, AptPackages::of);
    }

    static GuestBuild with(AgentFiles agent, PackageOpener packages) {
        return new GuestBuild(
                agent, packages, NO_CACHE, Optional.empty(), GuestBuildListener.SILENT);
    }

    /**
     * {@return the same build, keeping fetched packages for the next time}
     *
     * @param directory made if it is not there
     */
    public GuestBuild withPackageCache(Path directory) {
        return new GuestBuild(agent, packages, directory, kernel, listener);
    }

    /**
     * {@return the same build with another kernel than that for virtual machines}
     *
     * @param packageName Debian's package of a kernel, or one that depends upon it, such as {@code
     *     linux-image-amd64}, whose kernel has 9p
     * @throws GuestImageException if it is no name of a kernel's package
     */
    public GuestBuild withKernel(String packageName) {
        if (!GuestRecipe.isKernelPackage(packageName)) {
            throw GuestImageException.content(
                    "\""
                            + packageName
                            + "\" names no package of a kernel; one is linux-image-amd64");
        }
        return new GuestBuild(agent, packages, cache, Optional.of(packageName), listener);
    }

    /** {@return the same build, telling of its steps} */
    public GuestBuild withListener(GuestBuildListener hears) {
        return new GuestBuild(agent, packages, cache, kernel, hears);
    }

    /**
     * Builds the guest. A guest that is there already is replaced when the new one is complete;
     * machines that run from the old one keep its files.
     *
     * @param output directory to make, or one that holds a guest or nothing
     * @return what the guest is made of
     * @throws GuestImageException if a package cannot be had, the directory holds something else,
     *     or writing fails; the directory is then as before
     */
    public GuestManifest into(Path output) {
        Path target = output.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null) {
            throw GuestImageException.content("the guest cannot be the root directory");
        }
        try {
            Files.createDirectories(parent);
            Path lockFile = parent.resolve("." + target.getFileName() + ".lock");
            try (FileChannel channel =
                            FileChannel.open(
                                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                refuseOtherContent(target);
                return build(target, parent);
            }
        } catch (IOException e) {
            throw GuestImageException.io("cannot build the guest in " + target, e);
        }
    }

    private GuestManifest build(Path target, Path parent) throws IOException {
        // Beside the target, so that the last step is a rename.
        Path work = Files.createTempDirectory(parent, "." + target.getFileName() + ".new.");
        try {
            Path unpacked = Files.createDirectory(work.resolve("packages"));
            Path made = Files.createDirectory(work.resolve("guest"));
            Path kept = cache.equals(NO_CACHE) ? work.resolve("cache") : cache.toAbsolutePath();
            Files.createDirectories(kept);
            PackageSource source = packages.open(kept, unpacked, listener);
            GuestManifest manifest = new GuestAssembly(agent, source, kernel, listener).write(made);
            Path old = work.resolve("old");
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
            return manifest;
        } finally {
            DirectoryRemoval.remove(work);
        }
    }

    /** A mistyped --output must not cost somebody's files. */
    private static void refuseOtherContent(Path target) throws IOException {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        boolean guest = Files.isRegularFile(target.resolve(GuestManifest.FILE_NAME));
        if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) || !(guest || isEmpty(target))) {
            throw GuestImageException.content(
                    target
                            + " exists and holds no guest; name another directory, or remove it first");
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        }
    }
}
