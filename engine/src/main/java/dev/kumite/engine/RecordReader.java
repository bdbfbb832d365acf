package dev.kumite.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Reads the record of a sandbox: Kumite's own lines, which have times, and the logs of QEMU,
 * virtiofsd and the guest, which get theirs from the kernel's time stamps or the lines around them.
 */
final class RecordReader {

    /** Most that is read of one file, in bytes, from its end. */
    private static final int MAX_BYTES = 8 << 20;

    private static final int MAX_LINE = 4096;

    /** What a line of the agent's own begins with, after the time stamp if there is one. */
    static final String AGENT_MARK = "kumite-agent";

    private final Path directory;

    private RecordReader(Path directory) {
        this.directory = directory;
    }

    static SandboxRecord read(String id, Path directory) throws IOException {
        return new SandboxRecord(id, directory, new RecordReader(directory).entries());
    }

    private List<RecordEntry> entries() throws IOException {
        List<RecordEntry> own = own();
        Instant start = own.isEmpty() ? Instant.EPOCH : own.getFirst().time();
        Instant boot = timeOf(own, "qemu: begins").orElse(start);
        List<RecordEntry> all = new ArrayList<>(own);
        all.addAll(console(boot));
        all.addAll(
                log(
                        SandboxFiles.QEMU_LOG,
                        RecordEntry.Source.QEMU,
                        lastModifiedOr(SandboxFiles.QEMU_LOG, boot)));
        all.addAll(
                log(
                        SandboxFiles.VIRTIOFSD_LOG,
                        RecordEntry.Source.VIRTIOFSD,
                        timeOf(own, "virtiofsd: begins").orElse(start)));
        // A stable sort: lines of one source keep their order.
        all.sort(Comparator.comparing(RecordEntry::time));
        return all;
    }

    private List<RecordEntry> own() throws IOException {
        List<RecordEntry> entries = new ArrayList<>();
        for (String line : lines(RecordWriter.FILE)) {
            Optional<Json.Members> members = Json.read(line);
            if (members.isEmpty()) {
                continue;
            }
            try {
                entries.add(
                        new RecordEntry(
                                Instant.parse(members.get().string("time")),
                                source(members.get().string("source")),
                                Texts.line(members.get().string("text"), MAX_LINE)));
            } catch (DateTimeException _) {
                // A line that a crash cut off.
            }
        }
        return entries;
    }

    private static RecordEntry.Source source(String word) {
        for (RecordEntry.Source source : RecordEntry.Source.values()) {
            if (source.word().equals(word)) {
                return source;
            }
        }
        return RecordEntry.Source.RUNTIME;
    }

    private static Optional<Instant> timeOf(List<RecordEntry> own, String text) {
        return own.stream()
                .filter(entry -> entry.text().equals(text))
                .map(RecordEntry::time)
                .findFirst();
    }

    private List<RecordEntry> console(Instant boot) throws IOException {
        List<RecordEntry> entries = new ArrayList<>();
        Instant time = boot;
        for (String line : lines(SandboxFiles.CONSOLE_LOG)) {
            Optional<Duration> uptime = uptime(line);
            if (uptime.isPresent()) {
                time = boot.plus(uptime.get());
            }
            RecordEntry.Source source =
                    line.contains(AGENT_MARK)
                            ? RecordEntry.Source.AGENT
                            : RecordEntry.Source.CONSOLE;
            entries.add(new RecordEntry(time, source, Texts.line(line, MAX_LINE)));
        }
        return entries;
    }

    /**
     * {@return the time since boot that the kernel put before the line, if it did}
     *
     * <p>Source: Linux, printk, {@code CONFIG_PRINTK_TIME}: {@code [    1.234567] }.
     */
    static Optional<Duration> uptime(String line) {
        int close = line.indexOf(']');
        if (!line.startsWith("[") || close < 0 || close > 20) {
            return Optional.empty();
        }
        String number = line.substring(1, close).strip();
        int dot = number.indexOf('.');
        if (dot < 1 || number.length() - dot != 7) {
            return Optional.empty();
        }
        try {
            long seconds = Long.parseLong(number.substring(0, dot));
            long micros = Long.parseLong(number.substring(dot + 1));
            return Optional.of(Duration.ofSeconds(seconds, micros * 1000));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private List<RecordEntry> log(String file, RecordEntry.Source source, Instant time)
            throws IOException {
        return lines(file).stream()
                .map(line -> new RecordEntry(time, source, Texts.line(line, MAX_LINE)))
                .toList();
    }

    /** What QEMU says it says at its end, as a rule. */
    private Instant lastModifiedOr(String file, Instant other) throws IOException {
        Path path = directory.resolve(file);
        return Files.exists(path) ? Files.getLastModifiedTime(path).toInstant() : other;
    }

    private List<String> lines(String file) throws IOException {
        return lastLines(directory.resolve(file), MAX_BYTES, Integer.MAX_VALUE);
    }

    /** {@return the last lines of a file, empty ones left out; none if there is no file} */
    static List<String> lastLines(Path path, int maxBytes, int maxLines) throws IOException {
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
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        for (String line : text.split("[\\r\\n]+", -1)) {
            lines.add(line);
        }
        if (!whole && !lines.isEmpty()) {
            lines.removeFirst();
        }
        lines.removeIf(String::isBlank);
        return lines.size() > maxLines
                ? lines.subList(lines.size() - maxLines, lines.size())
                : lines;
    }
}
