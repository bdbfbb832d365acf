package dev.kumite.engine;

import dev.kumite.oci.Mount;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the mounts of a container reach the guest.
 *
 * @param shared what the host binds into the shared directory
 * @param copied what the guest gets a copy of
 * @param rootDisk the root file system, if it is a disk of the machine
 * @param mounts the container's mounts as the guest is to make them, in order
 * @param storages what the guest makes before the container
 */
record VolumePlan(
        List<Shared> shared,
        List<CopiedFile> copied,
        Optional<RootDisk> rootDisk,
        List<Mount> mounts,
        List<GuestStorage> storages) {

    VolumePlan {
        shared = List.copyOf(shared);
        copied = List.copyOf(copied);
        mounts = List.copyOf(mounts);
        storages = List.copyOf(storages);
    }

    /** {@return whether the root file system is a disk that nobody writes to} */
    boolean rootIsReadOnlyDisk() {
        return rootDisk.filter(disk -> !disk.layered() && disk.disk().readOnly()).isPresent();
    }

    /**
     * A file or directory of the host that the guest is to see.
     *
     * @param source on the host, absolute
     * @param name in the shared directory; may hold {@code /}
     * @param directory whether it is one
     * @param recursive whether what is mounted below it is seen, too
     * @param access what the guest may do
     */
    record Shared(Path source, String name, boolean directory, boolean recursive, Access access) {}

    /** What the guest may do with a shared file or directory; held by the host. */
    enum Access {
        /** Change it. */
        READ_WRITE,
        /** Only read it, except for what is mounted below it. */
        READ_ONLY,
        /** Only read it and all that is mounted below it. */
        READ_ONLY_RECURSIVELY
    }
}
