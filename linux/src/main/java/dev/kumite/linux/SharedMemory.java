package dev.kumite.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;

/**
 * A part of a file that is memory of this process, and of others that have mapped it, at the same
 * time. It stays when the file is closed. Its buffers end with it: they then throw {@link
 * IllegalStateException}.
 *
 * <p>Source: mmap(2), MAP_SHARED.
 */
public final class SharedMemory implements AutoCloseable {

    private final Arena arena;
    private final MemorySegment bytes;

    private SharedMemory(Arena arena, MemorySegment bytes) {
        this.arena = arena;
        this.bytes = bytes;
    }

    /**
     * Maps a part of a file for reading and writing.
     *
     * @param file for example one that {@link Fd#memory} has made; not a socket
     * @param offset where the part begins, in bytes
     * @param size its length in bytes, at least 1
     * @throws IOException if the file does not reach so far, or cannot be mapped
     */
    @SuppressWarnings("MustBeClosedChecker") // close() does
    public static SharedMemory map(Fd file, long offset, long size) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel =
                FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (offset < 0 || size <= 0 || size > channel.size() - offset) {
                throw new IOException(
                        size + " bytes at " + offset + " of a file of " + channel.size());
            }
            return new SharedMemory(arena, channel.map(MapMode.READ_WRITE, offset, size, arena));
        } catch (IOException | RuntimeException failure) {
            arena.close();
            throw failure;
        }
    }

    /** {@return its length in bytes} */
    public long size() {
        return bytes.byteSize();
    }

    /**
     * {@return a piece of it, big-endian as all buffers are at first}
     *
     * @throws IndexOutOfBoundsException if the piece is not within it
     */
    public ByteBuffer at(long offset, int length) {
        return bytes.asSlice(offset, length).asByteBuffer();
    }

    /** Gives the memory back. Must be called once only. */
    @Override
    public void close() {
        arena.close();
    }
}
