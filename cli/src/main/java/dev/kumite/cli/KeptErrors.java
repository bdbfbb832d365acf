package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Standard error that is kept, too, for the log that an engine has asked for. */
final class KeptErrors extends OutputStream {

    /** How much of it a log gets, in bytes. */
    private static final int MOST_BYTES = 8 << 10;

    private static final String MARK = "kumite: ";

    private final OutputStream to;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    KeptErrors(OutputStream to) {
        this.to = to;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        kept.write(bytes, offset, Math.min(length, MOST_BYTES - kept.size()));
        to.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        to.flush();
    }

    /** {@return what was said, as one line} */
    String message() {
        StringBuilder message = new StringBuilder();
        for (String line : kept.toString(UTF_8).split("\n", -1)) {
            String text = line.startsWith(MARK) ? line.substring(MARK.length()) : line.strip();
            if (!text.isEmpty()) {
                message.append(message.isEmpty() ? "" : "; ").append(text);
            }
        }
        return message.toString();
    }
}
