package dev.kumite.vmm;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A machine's memory in two files: what is not zero, and where that belongs. Sparse files would do
 * the same, but not every file system and not every way of copying keeps holes.
 */
final class MemoryImage {

    private static final String DATA = "memory";
    private static final String INDEX = "memory.index";

    /** What is looked at as a whole: small enough to skip most zeros, large enough to be fast. */
    private static final int BLOCK_BYTES = 64 << 10;

    /** The end of the index: no run is empty. */
    private static final long END = 0;

    private MemoryImage() {}

    /** Writes what is in {@code memory} into the directory. */
    static void write(Path memory, Path directory) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK_BYTES);
        try (FileChannel from = FileChannel.open(memory, StandardOpenOption.READ);
                FileChannel data =
                        FileChannel.open(
                                directory.resolve(DATA),
                                StandardOpenOption.WRITE,
                                StandardOpenOption.CREATE_NEW);
                DataOutputStream index =
                        new DataOutputStream(
                                new BufferedOutputStream(
                                        Files.newOutputStream(
                                                directory.resolve(INDEX),
                                                StandardOpenOption.CREATE_NEW)))) {
            long runStart = 0;
            long runLength = 0;
            long position = 0;
            while (from.read(block.clear(), position) > 0) {
                block.flip();
                int length = block.remaining();
                if (block.mismatch(zeros.clear().limit(length)) >= 0) {
                    if (runLength == 0) {
                        runStart = position;
                    }
                    runLength += length;
                    while (block.hasRemaining()) {
                        int _ = data.write(block);
                    }
                } else if (runLength > 0) {
                    index.writeLong(runStart);
                    index.writeLong(runLength);
                    runLength = 0;
                }
                position += length;
            }
            if (runLength > 0) {
                index.writeLong(runStart);
                index.writeLong(runLength);
            }
            index.writeLong(position);
            index.writeLong(END);
            data.force(true);
        }
    }

    /**
     * Copies what is in the directory into {@code memory}, which is empty.
     *
     * @throws IOException also if it was of another size
     */
    static void read(Path directory, Path memory) throws IOException {
        try (FileChannel data = FileChannel.open(directory.resolve(DATA), StandardOpenOption.READ);
                FileChannel to = FileChannel.open(memory, StandardOpenOption.WRITE);
                DataInputStream index =
                        new DataInputStream(
                                new BufferedInputStream(
                                        Files.newInputStream(directory.resolve(INDEX))))) {
            long from = 0;
            while (true) {
                long start = index.readLong();
                long length = index.readLong();
                if (length == END) {
                    if (start != to.size()) {
                        throw new IOException(
                                "the memory had " + start + " bytes, not " + to.size());
                    }
                    return;
                }
                copy(data, from, to.position(start), length);
                from += length;
            }
        }
    }

    private static void copy(FileChannel data, long from, FileChannel to, long length)
            throws IOException {
        long done = 0;
        while (done < length) {
            long count = data.transferTo(from + done, length - done, to);
            if (count <= 0) {
                throw new EOFException("it ends before byte " + (from + length));
            }
            done += count;
        }
    }
}
