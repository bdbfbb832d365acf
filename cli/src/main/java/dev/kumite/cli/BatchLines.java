package dev.kumite.cli;

import dev.kumite.oci.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Splits a stream into lines, as many at a time as come together. Confined to one thread. */
final class BatchLines {

    /** Longest line, in bytes: the longest specification, and as much again for all the rest. */
    static final int MAX_LINE_BYTES = 2 * Limits.MAX_DOCUMENT_LENGTH;

    private static final byte[] TOO_LONG = {};

    /**
     * Most lines in a chunk: enough to make handing it over cheap, few enough to bound the answers
     * that wait.
     */
    static final int MAX_LINES = 64;

    /** Bytes asked for at a time. */
    private static final int READ_BYTES = 64 << 10;

    private final InputStream in;
    private byte[] buffer = new byte[2 * READ_BYTES];
    private List<byte[]> lines = new ArrayList<>();
    private int handedOut;
    private int filled;
    private int scanned;
    private boolean ended;
    private boolean skipping;
    private long linesBefore;

    BatchLines(InputStream in) {
        this.in = in;
    }

    /**
     * Some lines.
     *
     * @param firstNumber number of the first of them, from 1
     * @param lines without what ends them; see {@link #isTooLong}
     */
    record Chunk(long firstNumber, List<byte[]> lines) {

        /** {@return the length of all lines together} */
        int bytes() {
            int bytes = 0;
            for (byte[] line : lines) {
                bytes += line.length;
            }
            return bytes;
        }
    }

    /**
     * {@return the lines that came next, at most {@link #MAX_LINES}; none at the end of the stream}
     *
     * @throws IOException if the stream cannot be read
     */
    Chunk next() throws IOException {
        while (handedOut == lines.size() && !ended) {
            lines = new ArrayList<>();
            handedOut = 0;
            fill();
            split();
        }
        int end = Math.min(handedOut + MAX_LINES, lines.size());
        Chunk chunk = new Chunk(linesBefore + 1, lines.subList(handedOut, end));
        linesBefore += end - handedOut;
        handedOut = end;
        return chunk;
    }

    /** {@return whether the line stands for one that is longer than any may be} */
    @SuppressWarnings("ReferenceEquality") // an empty line is not too long
    static boolean isTooLong(byte[] line) {
        return line == TOO_LONG;
    }

    private void fill() throws IOException {
        if (buffer.length - filled < READ_BYTES) {
            buffer =
                    Arrays.copyOf(
                            buffer, Math.min(2 * buffer.length, MAX_LINE_BYTES + 2 * READ_BYTES));
        }
        int count = in.read(buffer, filled, READ_BYTES);
        if (count < 0) {
            ended = true;
        } else {
            filled += count;
        }
    }

    private void split() {
        int begin = 0;
        for (int i = scanned; i < filled; i++) {
            if (buffer[i] == '\n') {
                add(begin, i);
                begin = i + 1;
            }
        }
        if (ended && (begin < filled || skipping)) {
            add(begin, filled);
            begin = filled;
        }
        int left = filled - begin;
        if (skipping || left > MAX_LINE_BYTES) {
            skipping = true;
            left = 0;
        }
        if (buffer.length > 2 * READ_BYTES && left <= READ_BYTES) {
            buffer = Arrays.copyOfRange(buffer, filled - left, filled - left + 2 * READ_BYTES);
        } else {
            System.arraycopy(buffer, filled - left, buffer, 0, left);
        }
        filled = left;
        scanned = left;
    }

    private void add(int begin, int end) {
        boolean tooLong = skipping || end - begin > MAX_LINE_BYTES;
        skipping = false;
        lines.add(tooLong ? TOO_LONG : Arrays.copyOfRange(buffer, begin, end));
    }
}
