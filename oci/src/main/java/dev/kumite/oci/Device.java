package dev.kumite.oci;

import java.util.Optional;

/**
 * A device file to create in a container.
 *
 * <p>Source: runtime-spec config-linux.md, Devices.
 *
 * @param path its path inside the container
 * @param type {@code c}, {@code b}, {@code u} or {@code p}
 * @param major major number
 * @param minor minor number
 * @param fileMode permission bits, 0 to 4294967295
 * @param uid id of the owner, 0 to 4294967295
 * @param gid id of the group, 0 to 4294967295
 */
public record Device(
        String path,
        String type,
        long major,
        long minor,
        Optional<Long> fileMode,
        Optional<Long> uid,
        Optional<Long> gid) {
    public Device {
        IntegerRange.UINT32.require("fileMode", fileMode);
        IntegerRange.UINT32.require("uid", uid);
        IntegerRange.UINT32.require("gid", gid);
    }
}
