package dev.kumite.engine;

import dev.kumite.linux.FileLock;
import dev.kumite.linux.LinuxException;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import dev.kumite.oci.SpecWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The directory of a sandbox, while this process owns it: that is, holds its lock.
 *
 * <p>The state in it is guarded by a lock of this object, which is held over the writing: the order
 * of the changes on disk must be that in memory.
 */
final class SandboxHome implements Closeable {

    static final String STATE = "state.json";
    static final String LOCK = "lock";

    private static final String SPEC_PREFIX = "spec-";
    private static final String SPEC_SUFFIX = ".json";

    private final Path directory;
    private final FileLock lock;
    private final ReentrantLock guard = new ReentrantLock();
    private SandboxState state;

    private SandboxHome(Path directory, FileLock lock, SandboxState state) {
        this.directory = directory;
        this.lock = lock;
        this.state = state;
    }

    /**
     * Makes the directory and its state.
     *
     * @throws FileAlreadyExistsException if it is there
     */
    static SandboxHome create(Path directory, SandboxState state) throws IOException {
        Path root = directory.getParent();
        if (root != null) {
            Files.createDirectories(
                    root,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        while (true) {
            Files.createDirectory(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            // Somebody who collects garbage may have taken the new directory for an abandoned one
            // and be about to remove it, or have done so.
            Optional<FileLock> lock = tryLock(directory);
            if (lock.isPresent()) {
                SandboxHome home = new SandboxHome(directory, lock.get(), state);
                home.write(state);
                return home;
            }
            if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(directory.toString());
            }
        }
    }

    /** {@return the directory with its lock; nothing if its owner lives or there is no state} */
    static Optional<SandboxHome> take(Path directory) throws IOException {
        Optional<FileLock> lock = tryLock(directory);
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        Optional<SandboxState> state = read(directory);
        if (state.isEmpty()) {
            lock.get().close();
            return Optional.empty();
        }
        return Optional.of(new SandboxHome(directory, lock.get(), state.get()));
    }

    /** {@return the lock of the directory that is at this path; nothing if it is held or gone} */
    static Optional<FileLock> tryLock(Path directory) throws IOException {
        Path file = directory.resolve(LOCK);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        Optional<FileLock> lock;
        try {
            lock = FileLock.tryAcquire(file, FileLock.Mode.EXCLUSIVE);
        } catch (LinuxException e) {
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return Optional.empty();
        }
        if (lock.isPresent() && !isSameFile(lock.get(), file)) {
            lock.get().close();
            return Optional.empty();
        }
        return lock;
    }

    /** A lock counts only on the file that others find there. */
    private static boolean isSameFile(FileLock lock, Path file) throws IOException {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                && Files.isSameFile(lock.fd().path(), file);
    }

    /** {@return what is written about the sandbox in the directory, by whoever owns it} */
    static Optional<SandboxState> read(Path directory) throws IOException {
        return WholeFile.read(directory.resolve(STATE)).flatMap(SandboxState::parse);
    }

    /** {@return the sandbox's directory} */
    Path directory() {
        return directory;
    }

    /** {@return the state as it is on disk} */
    SandboxState state() {
        guard.lock();
        try {
            return state;
        } finally {
            guard.unlock();
        }
    }

    /**
     * Changes the state, on disk first.
     *
     * @throws EngineException HOST if it cannot be written; nothing has changed then
     */
    void update(UnaryOperator<SandboxState> change) {
        guard.lock();
        try {
            SandboxState next = change.apply(state);
            if (!next.equals(state)) {
                write(next);
                state = next;
            }
        } catch (IOException e) {
            throw EngineException.builder(
                            EngineException.Category.HOST,
                            "cannot write the state in \""
                                    + directory
                                    + "\": "
                                    + Failures.reason(e))
                    .remedy("make room there")
                    .cause(e)
                    .build();
        } finally {
            guard.unlock();
        }
    }

    private void write(SandboxState next) throws IOException {
        WholeFile.write(directory.resolve(STATE), next.toJson() + "\n");
    }

    /** Writes down what was asked for a container. */
    void writeSpec(String containerId, Spec spec) throws IOException {
        WholeFile.write(spec(directory, containerId), SpecWriter.write(spec));
    }

    /** Forgets what was asked for a container. */
    void deleteSpec(String containerId) throws IOException {
        Files.deleteIfExists(spec(directory, containerId));
    }

    /** {@return what was asked for the container; nothing if it is damaged or gone} */
    static Optional<Spec> readSpec(Path directory, String containerId) throws IOException {
        return WholeFile.read(spec(directory, containerId))
                .map(text -> SpecReader.readPlain(text, spec(directory, containerId).toString()))
                .flatMap(Outcome::value);
    }

    private static Path spec(Path directory, String containerId) {
        return directory.resolve(SPEC_PREFIX + containerId + SPEC_SUFFIX);
    }

    /** {@return whether this class makes files of that name} */
    static boolean isOwnFile(String name) {
        return name.equals(STATE)
                || name.equals(HostCgroups.FILE)
                || name.equals(STATE + ".new")
                || name.equals(RecordWriter.FILE)
                || (name.startsWith(SPEC_PREFIX)
                        && (name.endsWith(SPEC_SUFFIX) || name.endsWith(SPEC_SUFFIX + ".new")));
    }

    /**
     * Removes the directory with all that Kumite makes in it. Its mounts must be gone. The lock
     * goes last.
     *
     * @throws IOException if something is there that Kumite does not make
     */
    static void delete(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (isOwnFile(name) || SandboxFiles.isKnown(name)) {
                    Files.deleteIfExists(entry);
                }
            }
        }
        Files.deleteIfExists(directory.resolve(LOCK));
        Files.deleteIfExists(directory);
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        lock.close();
    }
}
