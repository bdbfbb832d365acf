package dev.kumite.ttrpc;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Predicate;

/** Takes frames out of a stream. Confined to the thread that reads the connection. */
final class FrameReader {

    /** Bytes read at once: most frames are far smaller, and one read then brings several. */
    private static final int BUFFER_BYTES = 16 << 10;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private final byte[] header = new byte[FrameHeader.BYTES];

    FrameReader(InputStream in) {
        this.in = in;
    }

    /**
     * {@return the next header, or nothing if the stream ends before its first byte}
     *
     * @throws EOFException if the stream ends within the header
     */
    Optional<FrameHeader> next() throws IOException {
        int first = readByte();
        if (first < 0) {
            return Optional.empty();
        }
        header[0] = (byte) first;
        readFully(header, 1);
        return Optional.of(FrameHeader.decode(header));
    }

    /**
     * Drops bytes one by one until the last ten read as a header that {@code wanted} accepts. The
     * bytes of the header returned last take part in it.
     *
     * @return the header found, or nothing if the stream ends before
     */
    Optional<FrameHeader> scan(Predicate<FrameHeader> wanted) throws IOException {
        int zeros = 0;
        while (true) {
            int next = readByte();
            if (next < 0) {
                return Optional.empty();
            }
            zeros = next == 0 ? zeros + 1 : 0;
            if (zeros > FrameHeader.BYTES) {
                // Filler comes by the million; ten zero bytes with one more behind them are ten
                // zero bytes.
                continue;
            }
            System.arraycopy(header, 1, header, 0, FrameHeader.BYTES - 1);
            header[FrameHeader.BYTES - 1] = (byte) next;
            // The first byte of every length that can be accepted is 0: spares most of the records.
            if (header[0] == 0) {
                FrameHeader candidate = FrameHeader.decode(header);
                if (wanted.test(candidate)) {
                    return Optional.of(candidate);
                }
            }
        }
    }

    /**
     * {@return the body that follows {@code header}}
     *
     * @throws TtrpcException if it is longer than {@link FrameHeader#MAX_BODY_BYTES}; nothing has
     *     been read or allocated then
     * @throws EOFException if the stream ends within the body
     */
    byte[] body(FrameHeader header) throws IOException {
        if (header.isOversized()) {
            throw TtrpcException.protocol(
                    "a frame of "
                            + header.length()
                            + " bytes arrived, longest allowed are "
                            + FrameHeader.MAX_BODY_BYTES);
        }
        byte[] body = new byte[(int) header.length()];
        readFully(body, 0);
        return body;
    }

    /** Passes over the body that follows {@code header}, however long it claims to be. */
    void skip(FrameHeader header) throws IOException {
        long left = header.length();
        while (left > 0) {
            if (start == end && !fill()) {
                throw new EOFException("the stream ended within a frame");
            }
            int step = (int) Math.min(left, end - start);
            start += step;
            left -= step;
        }
    }

    private void readFully(byte[] target, int from) throws IOException {
        int at = from;
        while (at < target.length) {
            int step;
            if (start < end) {
                step = Math.min(end - start, target.length - at);
                System.arraycopy(buffer, start, target, at, step);
                start += step;
            } else if (target.length - at >= BUFFER_BYTES) {
                step = in.read(target, at, target.length - at);
            } else {
                step = fill() ? 0 : -1;
            }
            if (step < 0) {
                throw new EOFException("the stream ended within a frame");
            }
            at += step;
        }
    }

    private int readByte() throws IOException {
        return start == end && !fill() ? -1 : buffer[start++] & 0xFF;
    }

    private boolean fill() throws IOException {
        start = 0;
        end = Math.max(0, in.read(buffer, 0, BUFFER_BYTES));
        return end > 0;
    }
}
