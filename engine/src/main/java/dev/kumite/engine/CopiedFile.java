package dev.kumite.engine;

import com.google.protobuf.ByteString;
import dev.kumite.agentprotocol.messages.CopyFileRequest;
import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A file or small directory of the host of which the guest gets a copy, because no file system is
 * shared with it. What is changed on one side later is not seen on the other.
 *
 * <p>Nothing is read through a symbolic link but the source itself, which may be one: links below
 * it are copied as links. So whoever can write to a copied directory makes nobody read elsewhere.
 *
 * <p>Source: Kata Containers, Go runtime, {@code kataAgent.copyFile}, {@code
 * Container.mountSharedDirMounts}.
 *
 * @param source on the host, absolute
 * @param name in the guest's directory for shared files
 */
record CopiedFile(Path source, String name) {

    /** Most content of one mount: the copies are in the guest's memory. */
    static final long MOST_BYTES = 16L << 20;

    /** Most files, directories and links of one mount. */
    static final int MOST_ENTRIES = 1000;

    /** Most levels of directories of one mount. */
    static final int MOST_LEVELS = 16;

    /** Content of one message, in bytes. Source: Kata Containers, {@code grpcMaxDataSize}. */
    static final int PIECE_BYTES = 1 << 20;

    /** Permissions of directories above the copy. Source: Kata Containers, {@code DirMode}. */
    private static final int DIRECTORY_MODE = 0755;

    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;
    private static final int REGULAR = 0100000;

    /** Never waits for the other end of a FIFO that has taken a file's place. */
    private static final int FLAGS = Fd.O_RDONLY | Fd.O_NOFOLLOW | Fd.O_NONBLOCK;

    /**
     * Finds out whether it can be copied, without reading it.
     *
     * @throws IOException says what cannot be
     */
    void check() throws IOException {
        new Walk(message -> {}, false).entry(source.toRealPath(), guestPath(), 0);
    }

    /**
     * Hands the copy over, in order.
     *
     * @param sink takes messages of little more than {@link #PIECE_BYTES} each
     * @throws IOException says what cannot be copied
     */
    void send(Consumer<CopyFileRequest> sink) throws IOException {
        new Walk(sink, true).entry(source.toRealPath(), guestPath(), 0);
    }

    private String guestPath() {
        return GuestPaths.shared(name);
    }

    /** One way through the source. Confined to one thread. */
    private static final class Walk {
        private final Consumer<CopyFileRequest> sink;
        private final boolean reads;
        private long bytes;
        private int entries;

        Walk(Consumer<CopyFileRequest> sink, boolean reads) {
            this.sink = sink;
            this.reads = reads;
        }

        /**
         * @param path may lead through a directory that is held open
         */
        void entry(Path path, String target, int level) throws IOException {
            entries++;
            if (entries > MOST_ENTRIES) {
                throw new IOException("it has more than " + MOST_ENTRIES + " files");
            }
            Map<String, Object> found =
                    Files.readAttributes(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            switch (type(found)) {
                case LINK -> link(path, target);
                case DIRECTORY -> directory(path, target, level);
                case REGULAR -> file(path, target);
                default -> throw unfit(target);
            }
        }

        private void link(Path path, String target) throws IOException {
            sink.accept(
                    request(target, path, LinkOption.NOFOLLOW_LINKS)
                            .setData(
                                    ByteString.copyFromUtf8(
                                            Files.readSymbolicLink(path).toString()))
                            .build());
        }

        private void directory(Path path, String target, int level) throws IOException {
            if (level == MOST_LEVELS) {
                throw new IOException("it has more than " + MOST_LEVELS + " levels of directories");
            }
            try (Fd held = open(path, target, FLAGS | Fd.O_DIRECTORY)) {
                Path inside = Path.of("/proc/self/fd/" + held.number());
                sink.accept(request(target, inside).build());
                List<Path> children = new ArrayList<>();
                try (DirectoryStream<Path> listed = Files.newDirectoryStream(inside)) {
                    for (Path child : listed) {
                        children.add(child);
                        if (children.size() > MOST_ENTRIES) {
                            throw new IOException("it has more than " + MOST_ENTRIES + " files");
                        }
                    }
                }
                Collections.sort(children);
                for (Path child : children) {
                    entry(child, target + "/" + child.getFileName(), level + 1);
                }
            }
        }

        private void file(Path path, String target) throws IOException {
            try (Fd opened = open(path, target, FLAGS)) {
                Path itself = Path.of("/proc/self/fd/" + opened.number());
                CopyFileRequest.Builder request = request(target, itself);
                if ((request.getFileMode() & TYPE) != REGULAR) {
                    throw unfit(target);
                }
                long size = Files.size(itself);
                bytes += size;
                if (bytes > MOST_BYTES) {
                    throw new IOException("it has more than " + (MOST_BYTES >> 20) + " MiB");
                }
                if (reads) {
                    pieces(opened, target, request.setFileSize(size));
                }
            }
        }

        private void pieces(Fd opened, String target, CopyFileRequest.Builder request)
                throws IOException {
            long size = request.getFileSize();
            long offset = 0;
            do {
                ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, size - offset));
                while (piece.hasRemaining()) {
                    if (opened.read(piece) <= 0) {
                        throw new IOException(
                                "\"" + base(target) + "\" became shorter while it was copied");
                    }
                }
                sink.accept(
                        request.setOffset(offset)
                                .setData(ByteString.copyFrom(piece.flip()))
                                .build());
                offset += piece.limit();
            } while (offset < size);
        }

        private static Fd open(Path path, String target, int flags) throws IOException {
            try {
                return Fd.open(path, flags);
            } catch (LinuxException e) {
                throw new IOException("\"" + base(target) + "\" cannot be opened: " + e.errno(), e);
            }
        }

        private static CopyFileRequest.Builder request(
                String target, Path file, LinkOption... options) throws IOException {
            Map<String, Object> found = Files.readAttributes(file, "unix:mode,uid,gid", options);
            return CopyFileRequest.newBuilder()
                    .setPath(target)
                    .setFileMode(number(found, "mode"))
                    .setDirMode(DIRECTORY_MODE)
                    .setUid(number(found, "uid"))
                    .setGid(number(found, "gid"));
        }

        private static int type(Map<String, Object> attributes) {
            return number(attributes, "mode") & TYPE;
        }

        private static int number(Map<String, Object> attributes, String name) {
            return attributes.get(name) instanceof Integer value ? value : 0;
        }

        private static IOException unfit(String target) {
            return new IOException(
                    "\"" + base(target) + "\" is neither a file nor a directory nor a link");
        }

        private static String base(String target) {
            return target.substring(target.lastIndexOf('/') + 1);
        }
    }
}
