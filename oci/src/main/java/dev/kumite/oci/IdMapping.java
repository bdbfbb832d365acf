package dev.kumite.oci;

/**
 * A range of ids of the container and the ids of the host that stand behind them.
 *
 * <p>Source: runtime-spec config-linux.md, User namespace mappings.
 *
 * @param containerID first id inside the container, 0 to 4294967295
 * @param hostID first id on the host, 0 to 4294967295
 * @param size how many ids, 0 to 4294967295
 */
public record IdMapping(long containerID, long hostID, long size) {
    public IdMapping {
        IntegerRange.UINT32.require("containerID", containerID);
        IntegerRange.UINT32.require("hostID", hostID);
        IntegerRange.UINT32.require("size", size);
    }
}
