package dev.kumite.linux;

import java.nio.ByteBuffer;

/**
 * A pipe: what is written to {@link #writer} can be read from {@link #reader}. Both ends are
 * close-on-exec and block.
 *
 * <p>Source: pipe2(2).
 *
 * @param reader the end to read from
 * @param writer the end to write to
 */
public record Pipe(Fd reader, Fd writer) implements AutoCloseable {
    /** Makes a pipe. */
    public static Pipe open() {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer pair = scratch.bytes(2 * Integer.BYTES);
            LinuxException.check(
                    Syscall.call(SyscallNumber.PIPE2, Scratch.address(pair), Fd.O_CLOEXEC),
                    "make a pipe");
            return new Pipe(Fd.of(pair.getInt(0)), Fd.of(pair.getInt(4)));
        }
    }

    /** Closes both ends. */
    @Override
    public void close() {
        reader.close();
        writer.close();
    }
}
