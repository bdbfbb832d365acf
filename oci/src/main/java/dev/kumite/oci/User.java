package dev.kumite.oci;

import java.util.List;
import java.util.Optional;

/**
 * Who a program runs as.
 *
 * <p>Source: runtime-spec config.md, User.
 *
 * @param uid user id inside the container, 0 to 4294967295
 * @param gid id of the primary group inside the container, 0 to 4294967295
 * @param umask file mode creation mask, 0 to 4294967295; the runtime's own if absent
 * @param additionalGids ids of further groups, each 0 to 4294967295
 * @param username name of the user, on Windows only; empty if absent
 */
public record User(
        long uid, long gid, Optional<Long> umask, List<Long> additionalGids, String username) {

    /** User 0, group 0. */
    public static final User ROOT = new User(0, 0, Optional.empty(), List.of(), "");

    public User {
        IntegerRange.UINT32.require("uid", uid);
        IntegerRange.UINT32.require("gid", gid);
        IntegerRange.UINT32.require("umask", umask);
        additionalGids = List.copyOf(additionalGids);
        for (long gidToo : additionalGids) {
            IntegerRange.UINT32.require("additionalGids", gidToo);
        }
    }
}
