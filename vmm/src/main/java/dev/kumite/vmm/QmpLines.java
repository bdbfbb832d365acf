package dev.kumite.vmm;

import dev.kumite.linux.UnixSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The lines that a peer sends, each one JSON value. Confined to the reading thread. */
final class QmpLines {

    private static final int FIRST_BYTES = 8 << 10;

    private final UnixSocket socket;
    private byte[] buffer = new byte[FIRST_BYTES];
    private int start;
    private int end;

    QmpLines(UnixSocket socket) {
        this.socket = socket;
    }

    /**
     * {@return the value in the next line; empty if the peer closed}
     *
     * @param timeout for all of it, however many bytes come meanwhile
     * @throws VmmException with {@link VmmException.Category#TIMEOUT} when it has passed; if the
     *     line is no JSON, or longer than {@link Qmp#MAX_LINE_BYTES}
     */
    List<Json> next(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        int searched = start;
        while (true) {
            for (int i = searched; i < end; i++) {
                if (buffer[i] == '\n') {
                    byte[] line = Arrays.copyOfRange(buffer, start, i);
                    start = i + 1;
                    if (isBlank(line)) {
                        searched = start;
                        continue;
                    }
                    return List.of(JsonText.parse(line, line.length));
                }
            }
            searched = end;
            int moved = makeRoom();
            searched -= moved;
            ByteBuffer into = ByteBuffer.wrap(buffer, end, buffer.length - end);
            int count = socket.fd().read(into, left(deadline, timeout));
            if (count < 0) {
                return List.of();
            }
            end += count;
        }
    }

    static VmmException late(Duration timeout) {
        return new VmmException(
                VmmException.Category.TIMEOUT,
                "QEMU's control socket does not say a line within " + timeout.toMillis() + " ms");
    }

    private static Duration left(long deadline, Duration timeout) {
        long nanos = deadline - System.nanoTime();
        if (nanos <= 0) {
            throw late(timeout);
        }
        return Duration.ofNanos(nanos);
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }

    /** {@return by how much the bytes moved to the front} */
    private int makeRoom() {
        if (start > 0) {
            int moved = start;
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= moved;
            start = 0;
            return moved;
        }
        if (end == buffer.length) {
            if (end >= Qmp.MAX_LINE_BYTES) {
                throw new VmmException(
                        VmmException.Category.PROTOCOL,
                        "QEMU sent a line of more than " + Qmp.MAX_LINE_BYTES + " bytes");
            }
            buffer = Arrays.copyOf(buffer, Math.min(Qmp.MAX_LINE_BYTES, 2 * buffer.length));
        }
        return 0;
    }
}
