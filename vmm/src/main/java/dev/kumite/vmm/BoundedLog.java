package dev.kumite.vmm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A file that keeps the first and the last part of what is written to it, however much that is. The
 * first part is written at once; the last part is rewritten at most once a second, and when this is
 * closed, so that whoever writes without end costs the disk no more than that.
 *
 * <p>Guarded by {@code lock}; written by one thread.
 */
final class BoundedLog implements AutoCloseable {

    /** Bytes that are kept from the beginning. Source: assumed; a verbose boot has 100 KiB. */
    static final int HEAD_BYTES = 512 << 10;

    /** Bytes that are kept from the end. */
    static final int TAIL_BYTES = 256 << 10;

    /** Lines that are kept for messages; a kernel that panics writes some 60 of them. */
    static final int LAST_LINES = 200;

    /** Longest line, in bytes; longer ones are cut into several. */
    static final int MAX_LINE_BYTES = 1024;

    private static final long REWRITE_NANOS = 1_000_000_000;
    private static final byte[] GAP =
            "\n[... here a part was left out ...]\n".getBytes(StandardCharsets.US_ASCII);

    private final ReentrantLock lock = new ReentrantLock();
    private final FileChannel file;
    private final Consumer<String> lines;
    private final byte[] line = new byte[MAX_LINE_BYTES];
    private final Deque<String> lastLines = new ArrayDeque<>();
    private int lineLength;
    private long headLength;
    private byte[] ring = new byte[0];
    private long tailLength;
    private long rewritten;
    private boolean dirty;
    private boolean broken;

    /**
     * @param path of the file; what is there already stays in front, if it has not the full length
     * @param lines gets each line, printable
     */
    BoundedLog(Path path, Consumer<String> lines) {
        this.lines = lines;
        try {
            this.file =
                    FileChannel.open(
                            path,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            this.headLength = Math.min(HEAD_BYTES, file.size());
        } catch (IOException e) {
            throw new VmmException(
                    VmmException.Category.HOST,
                    "log \"" + path + "\" cannot be written: " + e.getMessage(),
                    e);
        }
    }

    /** Takes what was written. A disk that is full loses the file's rest, and nothing else. */
    void write(byte[] bytes, int length) {
        List<String> complete = new ArrayList<>();
        lock.lock();
        try {
            int head = (int) Math.min(length, HEAD_BYTES - headLength);
            if (head > 0) {
                put(ByteBuffer.wrap(bytes, 0, head), headLength);
                headLength += head;
            }
            if (head < length) {
                keep(bytes, head, length - head);
                dirty = true;
                if (System.nanoTime() - rewritten > REWRITE_NANOS) {
                    rewriteTail();
                }
            }
            split(bytes, length, complete);
        } finally {
            lock.unlock();
        }
        complete.forEach(lines);
    }

    private void keep(byte[] bytes, int from, int length) {
        if (ring.length == 0) {
            ring = new byte[TAIL_BYTES];
        }
        int skipped = Math.max(0, length - TAIL_BYTES);
        int start = from + skipped;
        tailLength += skipped;
        int rest = length - skipped;
        while (rest > 0) {
            int at = (int) (tailLength % TAIL_BYTES);
            int part = Math.min(rest, TAIL_BYTES - at);
            System.arraycopy(bytes, start, ring, at, part);
            start += part;
            rest -= part;
            tailLength += part;
        }
    }

    /** Writes the last part if it changed. */
    void flush() {
        lock.lock();
        try {
            if (dirty) {
                rewriteTail();
            }
        } finally {
            lock.unlock();
        }
    }

    private void rewriteTail() {
        rewritten = System.nanoTime();
        dirty = false;
        long at = HEAD_BYTES;
        if (tailLength <= TAIL_BYTES) {
            put(ByteBuffer.wrap(ring, 0, (int) tailLength), at);
            return;
        }
        int oldest = (int) (tailLength % TAIL_BYTES);
        put(ByteBuffer.wrap(GAP), at);
        at += GAP.length;
        put(ByteBuffer.wrap(ring, oldest, TAIL_BYTES - oldest), at);
        put(ByteBuffer.wrap(ring, 0, oldest), at + TAIL_BYTES - oldest);
    }

    private void put(ByteBuffer bytes, long at) {
        if (broken) {
            return;
        }
        try {
            long position = at;
            while (bytes.hasRemaining()) {
                position += file.write(bytes, position);
            }
        } catch (IOException e) {
            broken = true;
        }
    }

    private void split(byte[] bytes, int length, List<String> complete) {
        for (int i = 0; i < length; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                endLine(complete);
            } else if (b != '\r') {
                if (lineLength == MAX_LINE_BYTES) {
                    endLine(complete);
                }
                line[lineLength++] = b;
            }
        }
    }

    private void endLine(List<String> complete) {
        if (lineLength == 0) {
            return;
        }
        String text = Printable.text(new String(line, 0, lineLength, StandardCharsets.UTF_8));
        lineLength = 0;
        if (lastLines.size() == LAST_LINES) {
            lastLines.removeFirst();
        }
        lastLines.addLast(text);
        complete.add(text);
    }

    /** {@return the last lines, printable} */
    List<String> lastLines(int most) {
        lock.lock();
        try {
            List<String> all = new ArrayList<>(lastLines);
            if (lineLength > 0) {
                all.add(Printable.text(new String(line, 0, lineLength, StandardCharsets.UTF_8)));
            }
            return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        flush();
        try {
            file.close();
        } catch (IOException e) {
            broken = true; // nothing is lost that could still be saved
        }
    }
}
