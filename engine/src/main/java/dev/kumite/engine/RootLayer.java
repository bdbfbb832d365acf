package dev.kumite.engine;

import dev.kumite.oci.Mount;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A layer of the guest's memory over a root file system that nobody may write to. A runtime on a
 * host makes the places for mounts that an image lacks before it takes away the right to write;
 * here that right never existed, and the host's files are not changed.
 *
 * <p>The agent of Kumite's guest makes such a layer by itself; others are asked for it.
 */
final class RootLayer {

    private RootLayer() {}

    /**
     * {@return what makes a layer in the guest, in order; nothing if the container does without}
     *
     * @param lower where the root file system is in the guest
     * @param place where the container is to find it
     */
    static List<GuestStorage> of(Prepared prepared, String lower, String place) {
        VolumePlan volumes = prepared.volumes();
        boolean readOnly = prepared.config().readonlyRootfs() || volumes.rootIsReadOnlyDisk();
        Optional<RootDisk> disk = volumes.rootDisk();
        if (!readOnly || disk.filter(RootDisk::layered).isPresent()) {
            return List.of();
        }
        // What a disk holds, only the guest can see.
        boolean complete =
                disk.isEmpty()
                        && hasAllPlaces(
                                Path.of(prepared.config().rootFs().target()), volumes.mounts());
        return complete ? List.of() : storages(lower, place + "-layer", place);
    }

    /**
     * {@return what makes a layer in the guest, in order}
     *
     * @param lower what is below it
     * @param layer place for what is written
     * @param place where both are seen as one
     */
    static List<GuestStorage> storages(String lower, String layer, String place) {
        List<GuestStorage> storages = new ArrayList<>();
        storages.add(new GuestStorage("ephemeral", "tmpfs", "tmpfs", List.of(), layer));
        storages.add(GuestStorage.local(layer + "/upper", "0755"));
        storages.add(GuestStorage.local(layer + "/work", "0755"));
        storages.add(
                new GuestStorage(
                        "overlayfs",
                        "overlay",
                        "overlay",
                        List.of(
                                // With the dot, the guest mounts what the share has mounted there.
                                "lowerdir=" + lower + "/.",
                                "upperdir=" + layer + "/upper",
                                "workdir=" + layer + "/work"),
                        place));
        return storages;
    }

    static boolean hasAllPlaces(Path root, List<Mount> mounts) {
        for (Mount mount : mounts) {
            if (!exists(root, mount.destination())
                    && mounts.stream()
                            .noneMatch(other ->
                                    mount.destination().startsWith(other.destination() + "/"))) {
                return false;
            }
        }
        return true;
    }

    /** A link counts as there: only the guest knows where it leads inside the container. */
    private static boolean exists(Path root, String destination) {
        Path place = root;
        for (Path name : Path.of(destination)) {
            place = place.resolve(name);
            if (Files.isSymbolicLink(place)) {
                return true;
            }
            if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
        }
        return true;
    }
}
