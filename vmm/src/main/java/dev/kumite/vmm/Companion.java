package dev.kumite.vmm;

/**
 * A process beside QEMU without which the machine cannot go on.
 *
 * @param kind what it does
 * @param process it
 */
record Companion(Kind kind, HelperProcess process) {

    /** What such processes do. */
    enum Kind {
        /** Serves the shared files. */
        VIRTIOFSD("virtiofsd", "the guest has no files", MachineExit.Cause.SHARE_LOST),
        /** Is the machine's vsock device. */
        VSOCK_DEVICE(
                "the vsock device",
                "the agent in the guest cannot be reached",
                MachineExit.Cause.VSOCK_LOST);

        private final String title;
        private final String loss;
        private final MachineExit.Cause cause;

        Kind(String title, String loss, MachineExit.Cause cause) {
            this.title = title;
            this.loss = loss;
            this.cause = cause;
        }

        /** {@return its name, for messages} */
        String title() {
            return title;
        }

        /** {@return how the machine ends with it} */
        MachineExit.Cause cause() {
            return cause;
        }
    }

    /** {@return that it ended, with its last words, and what that means} */
    String describeLoss() {
        String words =
                process.lastLines(1).stream().findFirst().map(line -> " (" + line + ")").orElse("");
        return kind.title() + " ended" + words + ", without which " + kind.loss;
    }
}
