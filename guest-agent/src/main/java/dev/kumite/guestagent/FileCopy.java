package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.CopyFileRequest;
import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Takes files that the host cannot share, in pieces. A file is written beside its place and moved
 * there when it is complete.
 *
 * <p>Refuses everything outside the directory that the host's paths begin with, and every path that
 * leads through a symbolic link: a container that can write to a shared directory must not make the
 * agent write elsewhere. Differs from kata: it followed links there, CVE-2026-41326.
 */
final class FileCopy {

    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;
    private static final int REGULAR = 0100000;
    private static final int PERMISSIONS = 07777;

    private static final int DIRECTORY_FLAGS = Fd.O_RDONLY | Fd.O_DIRECTORY | Fd.O_NOFOLLOW;

    private final Path base;

    /**
     * @param base absolute; what is in it may be written
     */
    FileCopy(Path base) {
        this.base = base;
    }

    /** Takes one piece. */
    void copy(CopyFileRequest request) {
        Path wanted = checked(request.getPath());
        try (Fd parent = openParent(wanted, request.getDirMode())) {
            Path file = inside(parent, wanted.getFileName());
            switch (request.getFileMode() & TYPE) {
                case DIRECTORY -> directory(file, request);
                case LINK -> link(file, request);
                case REGULAR, 0 -> regular(file, request);
                default ->
                        throw Refusal.invalid(
                                "only files, directories and links are copied, not mode "
                                        + Integer.toOctalString(request.getFileMode()));
            }
        } catch (IOException | LinuxException e) {
            throw Refusal.failed("cannot copy to " + wanted + ": " + e.getMessage());
        }
    }

    private Path checked(String text) {
        Path path = Path.of(text);
        Path normal = path.normalize();
        if (!path.isAbsolute() || !normal.startsWith(base) || normal.equals(base)) {
            throw Refusal.invalid(
                    "files are copied only below "
                            + base
                            + ", not to \""
                            + OneLine.of(text)
                            + "\"");
        }
        return normal;
    }

    /**
     * {@return the directory of a file, made if need be} Goes down name by name and holds on to
     * each directory, so that nobody can put a link in its place meanwhile.
     */
    private Fd openParent(Path file, int mode) throws IOException {
        Files.createDirectories(base);
        Fd at = Fd.open(base, DIRECTORY_FLAGS);
        try {
            Path below = base.relativize(file);
            for (int i = 0; i < below.getNameCount() - 1; i++) {
                Path next = inside(at, below.getName(i));
                if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectory(next);
                    setMode(next, mode == 0 ? 0755 : mode);
                }
                if (!Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
                    throw Refusal.invalid(
                            "\"" + base.resolve(below.subpath(0, i + 1)) + "\" is no directory");
                }
                Fd deeper = Fd.open(next, DIRECTORY_FLAGS);
                at.close();
                at = deeper;
            }
            return at;
        } catch (IOException | RuntimeException e) {
            at.close();
            throw e;
        }
    }

    private static Path inside(Fd directory, Path name) {
        return Path.of("/proc/self/fd/" + directory.number()).resolve(name);
    }

    private static void directory(Path file, CopyFileRequest request) throws IOException {
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(file);
        }
        setMode(file, request.getFileMode());
        setOwner(file, request);
    }

    private static void link(Path file, CopyFileRequest request) throws IOException {
        Files.deleteIfExists(file);
        Files.createSymbolicLink(file, Path.of(request.getData().toStringUtf8()));
        setOwner(file, request);
    }

    private static void regular(Path file, CopyFileRequest request) throws IOException {
        long offset = request.getOffset();
        long size = request.getFileSize();
        if (offset < 0 || size < 0 || offset + request.getData().size() > size) {
            throw Refusal.invalid(
                    "a piece of "
                            + request.getData().size()
                            + " bytes at "
                            + offset
                            + " does not fit into a file of "
                            + size);
        }
        Path part = file.resolveSibling(file.getFileName() + ".kumite-part");
        if (offset == 0) {
            Files.deleteIfExists(part);
            Files.createFile(part);
        }
        try (FileChannel channel =
                FileChannel.open(part, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.size() != offset) {
                throw Refusal.invalid(
                        "a piece at "
                                + offset
                                + " does not follow on "
                                + channel.size()
                                + " bytes");
            }
            channel.position(offset);
            ByteBuffer bytes = request.getData().asReadOnlyByteBuffer();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (NoSuchFileException _) {
            throw Refusal.invalid("a piece at " + offset + " came before the first one");
        }
        if (offset + request.getData().size() == size) {
            setOwner(part, request);
            setMode(part, request.getFileMode());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void setMode(Path file, int mode) throws IOException {
        Files.setAttribute(file, "unix:mode", mode & PERMISSIONS, LinkOption.NOFOLLOW_LINKS);
    }

    /** Before the mode: a change of owner clears set-user-id. Source: chown(2). */
    private static void setOwner(Path file, CopyFileRequest request) throws IOException {
        Files.setAttribute(file, "unix:uid", request.getUid(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", request.getGid(), LinkOption.NOFOLLOW_LINKS);
    }
}
