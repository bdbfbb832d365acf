package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * How a machine ended.
 *
 * @param cause why
 * @param status QEMU's exit code, 128 and the signal if it was killed by one; -1 if it is not known
 *     because the machine was started by another process
 * @param detail what is known about it, in words; printable
 * @param stderr QEMU's last lines; printable
 * @param console the guest's last lines; printable
 */
public record MachineExit(
        Cause cause, int status, String detail, List<String> stderr, List<String> console) {

    /** Why a machine ended. */
    public enum Cause {
        /** Its owner asked for it. */
        REQUESTED,
        /** The guest switched itself off. */
        GUEST_SHUTDOWN,
        /** The guest wanted to start again, which it may not; so does its kernel after a panic. */
        GUEST_RESET,
        /** The guest's kernel panicked. */
        GUEST_PANIC,
        /** The file share's process ended, without which the guest hangs. */
        SHARE_LOST,
        /** The process that is the machine's vsock device ended; the agent cannot be reached. */
        VSOCK_LOST,
        /** QEMU was killed by a signal. */
        KILLED,
        /** QEMU ended by itself. */
        QEMU_FAILED
    }

    public MachineExit {
        requireNonNull(cause, "cause is null");
        requireNonNull(detail, "detail is null");
        stderr = List.copyOf(stderr);
        console = List.copyOf(console);
    }

    /** {@return all of it in one text, for a message} */
    public String describe() {
        StringBuilder text = new StringBuilder(detail);
        append(text, "QEMU's last lines", stderr);
        append(text, "the console's last lines", console);
        return text.toString();
    }

    static void append(StringBuilder text, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append("; ").append(title).append(":");
            for (String line : lines) {
                text.append("\n  ").append(line);
            }
        }
    }
}
