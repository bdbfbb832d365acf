package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Small files that the kernel makes up: /proc and /sys. They have no length before they are read.
 */
final class ProcFile {
    private static final int FIRST_BYTES = 4 << 10;

    private ProcFile() {}

    /**
     * {@return the text, or empty if the file, or the process that it describes, is not there}
     *
     * @param mostBytes a longer file is an error
     */
    static Optional<String> read(Path path, int mostBytes) {
        try (Fd fd = Fd.open(path, Fd.O_RDONLY)) {
            byte[] bytes = new byte[Math.min(FIRST_BYTES, mostBytes + 1)];
            int length = 0;
            while (true) {
                int count = fd.read(ByteBuffer.wrap(bytes, length, bytes.length - length));
                if (count < 0) {
                    return Optional.of(new String(bytes, 0, length, StandardCharsets.UTF_8));
                }
                length += count;
                if (length > mostBytes) {
                    throw new LinuxException(
                            "read more than " + mostBytes + " bytes of \"" + path + "\"",
                            Errno.EFBIG.number());
                }
                if (length == bytes.length) {
                    int larger = (int) Math.min(2L * bytes.length, mostBytes + 1L);
                    bytes = Arrays.copyOf(bytes, larger);
                }
            }
        } catch (LinuxException failure) {
            if (failure.number() == Syscall.ENOENT || failure.number() == Syscall.ESRCH) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** Writes a setting, in one call as the kernel wants it. */
    static void write(Path path, String text) {
        try (Fd fd = Fd.open(path, Fd.O_WRONLY)) {
            fd.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        } catch (LinuxException failure) {
            throw new LinuxException(
                    "write \"" + text + "\" to \"" + path + "\"", failure.number());
        }
    }
}
