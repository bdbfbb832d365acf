package dev.kumite.shim;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.kumite.shim.messages.DoorRecord;
import dev.kumite.shim.messages.TaskRecord;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is on disk about the tasks of one containerd and namespace: a directory with the file {@code
 * door}, and a file {@code ID.task} for each task. Replaced by rename, before what they describe is
 * done. For one task by one thread at a time.
 */
final class TaskFiles {

    private static final String DOOR = "door";
    private static final String TASK = ".task";
    private static final String NEXT = ".new";

    private final Path directory;

    TaskFiles(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    void write(DoorRecord record) {
        write(DOOR, record);
    }

    void write(TaskRecord record) {
        write(record.getRequest().getId() + TASK, record);
    }

    /** {@return whose tasks they are; empty if that cannot be read} */
    Optional<DoorRecord> door() {
        try {
            return Optional.of(DoorRecord.parseFrom(Files.readAllBytes(directory.resolve(DOOR))));
        } catch (InvalidProtocolBufferException damaged) {
            return Optional.empty();
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    /** {@return all tasks; what cannot be read is not among them} */
    List<TaskRecord> tasks() {
        List<TaskRecord> tasks = new ArrayList<>();
        for (Path file : children(directory)) {
            if (file.toString().endsWith(TASK)) {
                try {
                    tasks.add(TaskRecord.parseFrom(Files.readAllBytes(file)));
                } catch (IOException damaged) {
                    System.err.println("cannot read " + file + ": " + damaged.getMessage());
                }
            }
        }
        return tasks;
    }

    void remove(String id) {
        try {
            Files.deleteIfExists(directory.resolve(id + TASK));
            Files.deleteIfExists(directory.resolve(id + TASK + NEXT));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot forget task " + id, failure);
        }
    }

    /** Removes the directory, unless there are tasks. */
    void removeIfEmpty() {
        try {
            if (tasks().isEmpty()) {
                for (Path file : children(directory)) {
                    Files.deleteIfExists(file);
                }
                Files.deleteIfExists(directory);
            }
        } catch (IOException failure) {
            System.err.println("cannot remove " + directory + ": " + failure.getMessage());
        }
    }

    private void write(String name, MessageLite record) {
        try {
            Files.createDirectories(directory);
            Path next = directory.resolve(name + NEXT);
            try (FileOutputStream out = new FileOutputStream(next.toFile())) {
                record.writeTo(out);
                out.getFD().sync();
            }
            Files.move(
                    next,
                    directory.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "cannot write " + directory.resolve(name) + ": " + failure.getMessage(),
                    failure);
        }
    }

    static List<Path> children(Path directory) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(children::add);
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot list " + directory, failure);
        }
        return children;
    }
}
