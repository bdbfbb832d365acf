package dev.kumite.engine;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;

/**
 * Writes down what happens to a sandbox. A record that cannot be written, as on a full disk, stops
 * nothing. Safe for use by several threads and processes: each line is one write in append mode.
 */
final class RecordWriter implements Closeable {

    /** Name of the file in the sandbox's directory. */
    static final String FILE = "record.jsonl";

    /** Longest text of a line, in characters. */
    private static final int MAX_TEXT = 4096;

    /** Most lines that one writer adds; a guest can make us write, but not without end. */
    private static final int MAX_LINES = 100_000;

    private final FileChannel channel;
    private final InstantSource clock;
    private final java.util.concurrent.atomic.AtomicInteger lines =
            new java.util.concurrent.atomic.AtomicInteger();

    private RecordWriter(FileChannel channel, InstantSource clock) {
        this.channel = channel;
        this.clock = clock;
    }

    static RecordWriter open(Path directory, InstantSource clock) throws IOException {
        return new RecordWriter(
                FileChannel.open(
                        directory.resolve(FILE),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND),
                clock);
    }

    /** Adds a line of Kumite's own. */
    void note(String text) {
        add(RecordEntry.Source.RUNTIME, text);
    }

    /** Adds a line. */
    void add(RecordEntry.Source source, String text) {
        if (lines.incrementAndGet() > MAX_LINES) {
            return;
        }
        String kept = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + " …" : text;
        String line =
                Json.object(
                                out -> {
                                    out.writeStringProperty("time", clock.instant().toString());
                                    out.writeStringProperty("source", source.word());
                                    out.writeStringProperty("text", kept);
                                })
                        + "\n";
        try {
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException _) {
            // The sandbox matters more than its record.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // Nothing is buffered here.
        }
    }
}
