package dev.kumite.supervisor;

import dev.kumite.linux.ProcessIdentity;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is on disk about the containers of a root, {@code <root>/.oci/<id>/}: the file {@code state}
 * (see {@link Entry}) and a file {@code exec-<pid>} for each further process that lives. Written
 * before what it describes is done. The caller holds the container's lock.
 */
final class Ledger {

    private static final String STATE = "state";
    private static final String NEXT = "state.new";
    private static final String EXEC = "exec-";

    private final Path directory;

    /**
     * A further process.
     *
     * @param holder stands for it
     * @param execId its identity in the container
     * @param terminal whether it has one
     * @param command the command that waits for it, and with which it ends; empty if detached
     */
    record Exec(
            ProcessIdentity holder,
            String execId,
            boolean terminal,
            Optional<ProcessIdentity> command) {}

    Ledger(Path root) {
        this.directory = root.resolve(".oci");
    }

    /** {@return all containers; what cannot be read is not among them} */
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Path container : children(directory)) {
            read(container).ifPresent(entries::add);
        }
        return entries;
    }

    /** {@return the directories without a readable state; nothing is known of them} */
    List<String> damaged() {
        return children(directory).stream()
                .filter(container -> read(container).isEmpty())
                .map(container -> container.getFileName().toString())
                .toList();
    }

    void write(Entry entry) {
        Path container = directory.resolve(entry.id());
        try {
            Files.createDirectories(container);
            Path next = container.resolve(NEXT);
            try (FileOutputStream out = new FileOutputStream(next.toFile())) {
                out.write(entry.text().getBytes(StandardCharsets.UTF_8));
                out.getFD().sync();
            }
            Files.move(
                    next,
                    container.resolve(STATE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "cannot write the state of container " + entry.id(), failure);
        }
    }

    void write(String id, Exec exec) {
        try {
            Files.writeString(
                    file(id, exec.holder()),
                    "%d %s %s %d %d%n"
                            .formatted(
                                    exec.holder().startTimeTicks(),
                                    exec.execId(),
                                    exec.terminal() ? "tty" : "notty",
                                    exec.command().map(ProcessIdentity::pid).orElse(0),
                                    exec.command()
                                            .map(ProcessIdentity::startTimeTicks)
                                            .orElse(0L)));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write down a process of " + id, failure);
        }
    }

    void remove(String id, ProcessIdentity holder) {
        try {
            Files.deleteIfExists(file(id, holder));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot forget a process of " + id, failure);
        }
    }

    List<Exec> execs(String id) {
        List<Exec> execs = new ArrayList<>();
        for (Path file : children(directory.resolve(id))) {
            String name = file.getFileName().toString();
            if (name.startsWith(EXEC)) {
                exec(file, name.substring(EXEC.length())).ifPresent(execs::add);
            }
        }
        return execs;
    }

    /** Forgets a container; what is left of a removal that was cut off, too. */
    void remove(String id) {
        Path container = directory.resolve(id);
        try {
            for (Path file : children(container)) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(container);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot forget container " + id, failure);
        }
    }

    private Path file(String id, ProcessIdentity holder) {
        return directory.resolve(id).resolve(EXEC + holder.pid());
    }

    private static Optional<Entry> read(Path container) {
        try {
            return Entry.parse(Files.readString(container.resolve(STATE)))
                    .filter(entry -> container.endsWith(entry.id()));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Exec> exec(Path file, String pid) {
        try {
            String[] fields = Files.readString(file).strip().split(" ", -1);
            if (fields.length != 5) {
                return Optional.empty();
            }
            int command = Integer.parseInt(fields[3]);
            long commandStart = Long.parseLong(fields[4]);
            return Optional.of(
                    new Exec(
                            new ProcessIdentity(Integer.parseInt(pid), Long.parseLong(fields[0])),
                            fields[1],
                            fields[2].equals("tty"),
                            command < 1
                                    ? Optional.empty()
                                    : Optional.of(new ProcessIdentity(command, commandStart))));
        } catch (IOException | NumberFormatException damaged) {
            return Optional.empty();
        }
    }

    private static List<Path> children(Path parent) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent)) {
            all.forEach(children::add);
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot list " + parent, failure);
        }
        return children;
    }
}
