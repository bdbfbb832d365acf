package dev.kumite.engine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds sandboxes under a root directory. Changes nothing. */
final class SandboxFinder {

    private final Path root;

    SandboxFinder(Path root) {
        this.root = root;
    }

    /** {@return the directories of sandboxes, by name} */
    static List<Path> directories(Path root) {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(root)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                if (!String.valueOf(entry.getFileName()).startsWith(".")
                        && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(entry);
                }
            }
        } catch (IOException e) {
            throw EngineException.builder(
                            EngineException.Category.HOST,
                            "cannot look into \"" + root + "\": " + Failures.reason(e))
                    .cause(e)
                    .build();
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    List<SandboxStatus> list() {
        List<SandboxStatus> all = new ArrayList<>();
        for (Path directory : directories(root)) {
            state(directory).map(state -> status(directory, state)).ifPresent(all::add);
        }
        return all;
    }

    Optional<SandboxStatus> find(String id) {
        return directory(id)
                .flatMap(directory -> state(directory).map(state -> status(directory, state)));
    }

    /** {@return the directory that a sandbox of that identity has, if there is one} */
    Optional<Path> directory(String id) {
        return directories(root).stream()
                .filter(directory -> directory.getFileName().toString().equals(id))
                .findFirst();
    }

    private static Optional<SandboxState> state(Path directory) {
        try {
            return SandboxHome.read(directory);
        } catch (IOException _) {
            // It was there a moment ago.
            return Optional.empty();
        }
    }

    private static SandboxStatus status(Path directory, SandboxState state) {
        boolean owned = state.owner().isAlive();
        boolean machine = state.machine().qemu().filter(qemu -> qemu.isAlive()).isPresent();
        return new SandboxStatus(
                state.id(),
                word(state.phase(), owned, machine),
                state.created(),
                state.owner().pid(),
                state.machine().qemu().map(qemu -> (long) qemu.pid()).orElse(0L),
                directory,
                state.containers().stream()
                        .map(entry ->
                                new SandboxStatus.ContainerStatus(
                                        entry.id(),
                                        machine ? entry.status() : ContainerPhase.STOPPED.word(),
                                        entry.bundle(),
                                        entry.created()))
                        .toList());
    }

    private static SandboxStatus.State word(
            SandboxState.Phase phase, boolean owned, boolean machine) {
        if (!owned) {
            return machine && phase == SandboxState.Phase.RUNNING
                    ? SandboxStatus.State.ORPHANED
                    : SandboxStatus.State.DEAD;
        }
        return switch (phase) {
            case STARTING -> SandboxStatus.State.STARTING;
            case RUNNING -> machine ? SandboxStatus.State.RUNNING : SandboxStatus.State.DEAD;
            case STOPPING -> SandboxStatus.State.STOPPING;
        };
    }

    SandboxRecord record(String id) {
        Path directory =
                directory(id)
                        .orElseGet(() ->
                                SandboxFinder.directories(root.resolve(KeptRecords.DIRECTORY))
                                        .stream()
                                        .filter(kept -> kept.getFileName().toString().equals(id))
                                        .findFirst()
                                        .orElseThrow(() -> notFound(id)));
        try {
            return RecordReader.read(id, directory);
        } catch (IOException e) {
            throw EngineException.builder(
                            EngineException.Category.HOST,
                            "cannot read the record in \""
                                    + directory
                                    + "\": "
                                    + Failures.reason(e))
                    .cause(e)
                    .build();
        }
    }

    EngineException notFound(String id) {
        return EngineException.of(
                EngineException.Category.NOT_FOUND,
                "there is no sandbox \"" + Texts.line(id, 128) + "\" under \"" + root + "\"",
                "\"kumite list\" shows those that there are");
    }
}
