package dev.kumite.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads the record of a sandbox. */
final class RecordReader {

    /** Most that is read, in bytes, from the end; more than {@link RecordWriter} writes. */
    private static final int MAX_BYTES = 32 << 20;

    private static final int MAX_LINE = 4096;

    private RecordReader() {}

    static SandboxRecord read(String id, Path directory) throws IOException {
        List<RecordEntry> entries = new ArrayList<>();
        for (String line : lastLines(directory.resolve(RecordWriter.FILE), MAX_BYTES)) {
            entry(line).ifPresent(entries::add);
        }
        // Several threads write; a line may be written a moment after a later one. The sort is
        // stable.
        entries.sort(Comparator.comparing(RecordEntry::time));
        return new SandboxRecord(id, directory, entries);
    }

    private static Optional<RecordEntry> entry(String line) {
        Optional<Json.Members> members = Json.read(line);
        if (members.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new RecordEntry(
                            Instant.parse(members.get().string("time")),
                            source(members.get().string("source")),
                            Texts.line(members.get().string("text"), MAX_LINE)));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static RecordEntry.Source source(String word) {
        for (RecordEntry.Source source : RecordEntry.Source.values()) {
            if (source.word().equals(word)) {
                return source;
            }
        }
        return RecordEntry.Source.RUNTIME;
    }

    /** {@return the last lines of a file, empty ones left out; none if there is no file} */
    static List<String> lastLines(Path path, int maxBytes) throws IOException {
        if (!Files.isRegularFile(path)) {
            return List.of();
        }
        byte[] bytes;
        boolean whole;
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long length = file.length();
            whole = length <= maxBytes;
            bytes = new byte[(int) Math.min(length, maxBytes)];
            file.seek(length - bytes.length);
            file.readFully(bytes);
        }
        List<String> lines =
                new ArrayList<>(new String(bytes, StandardCharsets.UTF_8).lines().toList());
        if (!whole && !lines.isEmpty()) {
            lines.removeFirst();
        }
        lines.removeIf(String::isBlank);
        return lines;
    }
}
