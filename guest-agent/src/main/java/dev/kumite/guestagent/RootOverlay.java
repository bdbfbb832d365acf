package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.Mount;
import dev.kumite.agentprotocol.messages.Root;
import dev.kumite.agentprotocol.messages.Spec;
import dev.kumite.agentprotocol.messages.Storage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A writable layer in the guest's memory over a root file system that the host shares read-only and
 * that lacks places for its mounts. A runtime on the host makes these places before it takes away
 * the right to write; here that right never existed, and the host's files are not changed.
 */
final class RootOverlay {

    private static final String MERGED = "root";
    private static final String UPPER = "upper";
    private static final String WORK = "work";

    private RootOverlay() {}

    /**
     * {@return the layer to mount; empty if the root file system does without}
     *
     * @param spec with paths of the guest
     * @param bundle the container's directory
     */
    static Optional<Storage> of(Spec spec, Path bundle) {
        Root root = spec.getRoot();
        if (!root.getReadonly() || root.getPath().isEmpty() || hasAllPlaces(spec)) {
            return Optional.empty();
        }
        Path upper = bundle.resolve(UPPER);
        Path work = bundle.resolve(WORK);
        try {
            Files.createDirectories(upper);
            Files.createDirectories(work);
        } catch (IOException e) {
            throw Refusal.failed("cannot make " + upper + ": " + e.getMessage());
        }
        return Optional.of(
                Storage.newBuilder()
                        .setDriver("overlayfs")
                        .setSource("overlay")
                        .setFstype("overlay")
                        .addOptions("lowerdir=" + root.getPath())
                        .addOptions("upperdir=" + upper)
                        .addOptions("workdir=" + work)
                        .setMountPoint(bundle.resolve(MERGED).toString())
                        .build());
    }

    /** {@return the description with the layer as its root; still read-only to the container} */
    static Spec onto(Spec spec, Storage layer) {
        return spec.toBuilder()
                .setRoot(spec.getRoot().toBuilder().setPath(layer.getMountPoint()))
                .build();
    }

    /** Deletes what the layer, no longer mounted, has left; nothing if there was none. */
    static void delete(Path bundle) throws IOException {
        Files.deleteIfExists(bundle.resolve(MERGED));
        deleteTree(bundle.resolve(UPPER));
        deleteTree(bundle.resolve(WORK));
    }

    private static void deleteTree(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            List<Path> children = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                entries.forEach(children::add);
            }
            for (Path child : children) {
                deleteTree(child);
            }
        }
        Files.deleteIfExists(path);
    }

    private static boolean hasAllPlaces(Spec spec) {
        for (Mount mount : spec.getMountsList()) {
            // A link counts as there: only crun knows where it leads inside the container. What
            // lies in another mount is made there.
            Path place = Path.of(spec.getRoot().getPath() + "/" + mount.getDestination());
            if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)
                    && !isInAnotherMount(spec, mount.getDestination())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInAnotherMount(Spec spec, String destination) {
        for (Mount other : spec.getMountsList()) {
            if (destination.startsWith(other.getDestination() + "/")) {
                return true;
            }
        }
        return false;
    }
}
