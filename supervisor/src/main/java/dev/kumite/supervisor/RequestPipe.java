package dev.kumite.supervisor;

import dev.kumite.linux.Fd;
import dev.kumite.linux.Pipe;
import dev.kumite.linux.ProcessIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * Where requests arrive; see {@code front} for the other side. Confined to one thread.
 *
 * <p>Both pipes have no names: they are found through {@code /proc} and the contact file, so that
 * nobody waits for a dead supervisor in open(2), and who may write requests is who may trace us.
 */
final class RequestPipe implements AutoCloseable {

    private static final String CONTACT = "contact";
    private static final int BUFFER_BYTES = 4096;

    private final Pipe requests = Pipe.open();

    /** Never written to: its end tells callers that we are dead. */
    private final Pipe life = Pipe.open();

    private final Path contact;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final StringBuilder line = new StringBuilder();
    private final Queue<Request> read = new ArrayDeque<>();

    private RequestPipe(Path contact) {
        this.contact = contact;
    }

    /**
     * Makes the pipes and tells callers.
     *
     * @param directory the supervisor's
     */
    static RequestPipe open(Path directory) throws IOException {
        RequestPipe pipe = new RequestPipe(directory.resolve(CONTACT));
        pipe.life.reader().close();
        pipe.announce();
        return pipe;
    }

    /** Tells callers where requests go. */
    void announce() throws IOException {
        ProcessIdentity self = ProcessIdentity.self();
        Path next = contact.resolveSibling(CONTACT + ".new");
        Files.writeString(
                next,
                "1 %d %d %d %d%n"
                        .formatted(
                                self.pid(),
                                self.startTimeTicks(),
                                requests.writer().number(),
                                life.writer().number()));
        Files.move(
                next, contact, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** {@return the next request; empty if none comes in time} */
    Optional<Request> next(Duration timeout) {
        while (read.isEmpty()) {
            Fd reader = requests.reader();
            if (!reader.awaitReadable(timeout)) {
                return Optional.empty();
            }
            buffer.clear();
            if (reader.read(buffer) < 0) {
                return Optional.empty();
            }
            buffer.flip();
            take(StandardCharsets.US_ASCII.decode(buffer).toString());
        }
        return Optional.ofNullable(read.poll());
    }

    private void take(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\n') {
                if (line.length() < Request.MOST_BYTES) {
                    line.append(c);
                }
                continue;
            }
            Request.parse(line.toString()).ifPresent(read::add);
            line.setLength(0);
        }
    }

    /**
     * Tells callers that nobody reads requests any more; those that were sent can still be read.
     */
    void withdraw() throws IOException {
        Files.deleteIfExists(contact);
    }

    @Override
    public void close() {
        requests.close();
        life.close();
    }
}
