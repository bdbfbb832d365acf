package dev.kumite.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Memory outside the heap for the arguments of one system call. Confined to the thread that made
 * it; what it gave is gone when it is closed.
 */
final class Scratch implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();

    /** {@return zeroed memory in the machine's byte order} */
    ByteBuffer bytes(int size) {
        return arena.allocate(Math.max(size, 1), Long.BYTES)
                .asByteBuffer()
                .limit(size)
                .order(ByteOrder.nativeOrder());
    }

    /** {@return the address of a copy of the text, UTF-8 and ended by a zero byte} */
    long text(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new LinuxException(
                    "pass \"" + text.replace("\0", "\\0") + "\", which contains a zero character,",
                    Syscall.EINVAL);
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return address(bytes(encoded.length + 1).put(0, encoded));
    }

    /** {@return the address of the path as a C string} */
    long path(Path path) {
        return text(path.toString());
    }

    /** {@return the address of the first byte, whatever the position} */
    static long address(ByteBuffer buffer) {
        return MemorySegment.ofBuffer(buffer.duplicate().clear()).address();
    }

    @Override
    public void close() {
        arena.close();
    }
}
