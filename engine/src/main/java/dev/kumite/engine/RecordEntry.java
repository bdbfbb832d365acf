package dev.kumite.engine;

import java.time.Instant;

/**
 * A line of a sandbox's record.
 *
 * @param time when it was written, or read by Kumite from where it was written
 * @param source who wrote it
 * @param text the line, without its end; control characters are replaced by {@code ?}
 */
public record RecordEntry(Instant time, Source source, String text) {

    /** Who wrote a line. */
    public enum Source {
        /** Kumite itself: steps, decisions, events. */
        RUNTIME("runtime"),
        /** QEMU. */
        QEMU("qemu"),
        /** virtiofsd. */
        VIRTIOFSD("virtiofsd"),
        /** The process that is the machine's vsock device. */
        VSOCK_DEVICE("vsock"),
        /** The guest's kernel and everything else that writes to its console. */
        CONSOLE("console"),
        /** The agent in the guest. */
        AGENT("agent");

        private final String word;

        Source(String word) {
            this.word = word;
        }

        /** {@return the word that is printed for it} */
        public String word() {
            return word;
        }
    }
}
