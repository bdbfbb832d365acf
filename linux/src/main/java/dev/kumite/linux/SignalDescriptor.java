package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Signals that this process gets, read as data. Only signals that are blocked in every thread
 * arrive here. Java cannot block them: whoever starts the virtual machine does it before, for
 * example {@code env --block-signal}, and {@code -Xrs} keeps it from unblocking them.
 *
 * <p>Unlike with handlers, no signal is lost between the start of the process and the first look at
 * it, and signals that the virtual machine otherwise keeps for itself come, too.
 *
 * <p>Source: signalfd(2).
 */
public final class SignalDescriptor implements AutoCloseable {

    private static final int MASK_BYTES = 8;

    /** Length of {@code struct signalfd_siginfo}, which begins with the signal's number. */
    private static final int INFO_BYTES = 128;

    private final Fd fd;

    private SignalDescriptor(Fd fd) {
        this.fd = fd;
    }

    /**
     * {@return a descriptor from which these signals can be taken}
     *
     * @param signals their numbers, from 1 to {@link Signals#MAX}
     */
    public static SignalDescriptor open(List<Integer> signals) {
        long mask = 0;
        for (int signal : signals) {
            mask |= 1L << (signal - 1);
        }
        try (Scratch scratch = new Scratch()) {
            long address = Scratch.address(scratch.bytes(MASK_BYTES).putLong(0, mask));
            long result =
                    Syscall.call(SyscallNumber.SIGNALFD4, -1, address, MASK_BYTES, Fd.O_CLOEXEC);
            return new SignalDescriptor(
                    Fd.of((int) LinuxException.check(result, "make a descriptor of signals")));
        }
    }

    /**
     * Waits for a signal.
     *
     * @return its number, or 0 after {@link #close}
     */
    public int take() {
        ByteBuffer info = ByteBuffer.allocate(INFO_BYTES).order(java.nio.ByteOrder.nativeOrder());
        return fd.read(info) < 0 ? 0 : info.getInt(0);
    }

    @Override
    public void close() {
        fd.close();
    }
}
