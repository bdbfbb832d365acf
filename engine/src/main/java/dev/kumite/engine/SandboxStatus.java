package dev.kumite.engine;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A sandbox as its directory describes it, for lists. A moment later it may be otherwise.
 *
 * @param id its identity
 * @param state what it is doing
 * @param created when its start began
 * @param ownerPid the process that owns it, or owned it last
 * @param qemuPid QEMU's process; 0 if it was not started yet
 * @param directory where its state, sockets and record are
 * @param containers its containers, in the order in which they were made
 */
public record SandboxStatus(
        String id,
        State state,
        Instant created,
        long ownerPid,
        long qemuPid,
        Path directory,
        List<ContainerStatus> containers) {

    public SandboxStatus {
        containers = List.copyOf(containers);
    }

    /** What a sandbox is doing. */
    public enum State {
        /** It is being started by a living process. */
        STARTING("starting"),
        /** Its machine runs, owned by a living process. */
        RUNNING("running"),
        /** It is being torn down by a living process. */
        STOPPING("stopping"),
        /** Its owner is gone but the machine runs: it can be adopted, or released. */
        ORPHANED("orphaned"),
        /** Its machine is gone, and something is left to release. */
        DEAD("dead");

        private final String word;

        State(String word) {
            this.word = word;
        }

        /** {@return the word that is printed for it} */
        public String word() {
            return word;
        }
    }

    /**
     * A container.
     *
     * @param id its identity
     * @param status {@code creating}, {@code created}, {@code running}, {@code paused} or {@code
     *     stopped}, as far as its owner has written it down
     * @param bundle absolute path of its bundle; empty if it has none
     * @param created when it was made
     */
    public record ContainerStatus(String id, String status, String bundle, Instant created) {}
}
