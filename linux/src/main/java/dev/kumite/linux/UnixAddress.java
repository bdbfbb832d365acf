package dev.kumite.linux;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The address of a Unix socket in the file system. Where the path is too long for an address, its
 * directory is opened and named by descriptor for as long as this is open.
 *
 * <p>Source: unix(7).
 */
final class UnixAddress implements AutoCloseable {
    /** What fits into {@code sun_path} with the zero at the end. */
    static final int MOST_PATH_BYTES = 107;

    private static final int FAMILY_BYTES = 2;

    private final byte[] path;

    /** The directory that the path names by number; none if the path is short enough. */
    private final List<Fd> directory;

    private UnixAddress(byte[] path, List<Fd> directory) {
        this.path = path;
        this.directory = directory;
    }

    static UnixAddress of(Path path) {
        byte[] whole = bytes(path.toString());
        if (whole.length <= MOST_PATH_BYTES) {
            return new UnixAddress(whole, List.of());
        }
        Path absolute = path.toAbsolutePath();
        Path parent = requireNonNull(absolute.getParent(), "a long path has a parent");
        Fd directory = Fd.open(parent, Fd.O_PATH | Fd.O_DIRECTORY);
        byte[] alias = bytes(directory.path() + "/" + absolute.getFileName());
        if (alias.length > MOST_PATH_BYTES) {
            directory.close();
            throw new LinuxException(
                    "use \"" + path + "\" as the address of a socket", Errno.ENAMETOOLONG.number());
        }
        return new UnixAddress(alias, List.of(directory));
    }

    /** {@return a {@code struct sockaddr_un}} */
    ByteBuffer encode(Scratch scratch) {
        return scratch.bytes(FAMILY_BYTES + path.length + 1)
                .putShort(0, (short) Sockets.AF_UNIX)
                .put(FAMILY_BYTES, path);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        directory.forEach(Fd::close);
    }
}
