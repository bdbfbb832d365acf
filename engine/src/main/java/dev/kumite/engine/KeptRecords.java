package dev.kumite.engine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Records of sandboxes that failed to start, or whose owner was killed; the sandboxes themselves
 * are gone.
 */
final class KeptRecords {

    /** Name of their directory; no sandbox can have it. */
    static final String DIRECTORY = ".failed";

    /** How many are kept; the oldest go first. */
    static final int MOST = 16;

    private KeptRecords() {}

    /** {@return where the record of a sandbox is kept, or would be} */
    static Path of(Path root, String id) {
        return root.resolve(DIRECTORY).resolve(id);
    }

    /** Moves the record of a sandbox away from what will be deleted. */
    static void keep(Path root, String id, Path directory) throws IOException {
        Path kept = of(root, id);
        Files.createDirectories(kept);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (SandboxFiles.isRecord(name)) {
                    Files.move(
                            entry,
                            kept.resolve(name),
                            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        prune(root);
    }

    private static void prune(Path root) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(DIRECTORY))) {
            entries.forEach(all::add);
        }
        all.sort(Comparator.comparing(KeptRecords::age).reversed());
        for (Path old : all.subList(Math.min(MOST, all.size()), all.size())) {
            delete(old);
        }
    }

    private static java.nio.file.attribute.FileTime age(Path directory) {
        try {
            return Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException _) {
            return java.nio.file.attribute.FileTime.fromMillis(0);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (SandboxFiles.isRecord(String.valueOf(entry.getFileName()))) {
                    Files.deleteIfExists(entry);
                }
            }
        }
        Files.deleteIfExists(directory);
    }
}
