package dev.kumite.engine;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes down what happens to a sandbox. A record that cannot be written, as on a full disk, stops
 * nothing. Safe for use by several threads and processes: each line is one write in append mode.
 */
final class RecordWriter implements Closeable {

    /** Name of the file in the sandbox's directory. */
    static final String FILE = "record.jsonl";

    /** Longest text of a line, in characters. */
    private static final int MAX_TEXT = 4096;

    /**
     * Most bytes of what the guest, QEMU and virtiofsd say; they could go on without end. The logs
     * of their own, which are bounded too, have the last lines.
     */
    static final int MAX_OTHERS_BYTES = 4 << 20;

    /** Most bytes of Kumite's own lines. */
    private static final int MAX_OWN_BYTES = 16 << 20;

    private final FileChannel channel;
    private final InstantSource clock;
    private final AtomicInteger ownBytes = new AtomicInteger();
    private final AtomicInteger othersBytes = new AtomicInteger();

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
        boolean own = source == RecordEntry.Source.RUNTIME;
        AtomicInteger used = own ? ownBytes : othersBytes;
        int most = own ? MAX_OWN_BYTES : MAX_OTHERS_BYTES;
        if (used.get() > most) {
            return;
        }
        int size = write(source, text);
        if (used.addAndGet(size) > most && used.get() - size <= most) {
            write(
                    RecordEntry.Source.RUNTIME,
                    "lines from here on are not recorded; the last ones are in "
                            + SandboxFiles.CONSOLE_LOG);
        }
    }

    private int write(RecordEntry.Source source, String text) {
        String kept = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + " …" : text;
        String line =
                Json.object(out -> {
                    out.writeStringProperty("time", clock.instant().toString());
                    out.writeStringProperty("source", source.word());
                    out.writeStringProperty("text", kept);
                })
                        + "\n";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        try {
            channel.write(ByteBuffer.wrap(bytes));
        } catch (IOException _) {
            // The sandbox matters more than its record.
        }
        return bytes.length;
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
