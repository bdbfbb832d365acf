package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A stream that a command writes UTF-8 to. A failure is remembered instead of thrown: nobody
 * between here and the end of the process could do anything about it. Used by one thread at a time.
 */
final class Output {

    /**
     * What the kernel's {@code EPIPE} is called by the JDK. Source: glibc's strerror in the C
     * locale.
     */
    private static final String BROKEN_PIPE = "Broken pipe";

    private static final int BUFFER_BYTES = 16 << 10;

    private final OutputStream to;
    private final String link;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private String failure = "";

    private Output(OutputStream to, String link) {
        this.to = to;
        this.link = link;
    }

    /** {@return the standard output of this process} */
    static Output standard() {
        return new Output(new FileOutputStream(FileDescriptor.out), "/proc/self/fd/1");
    }

    /** {@return the standard error of this process} */
    static Output error() {
        return new Output(new FileOutputStream(FileDescriptor.err), "/proc/self/fd/2");
    }

    /** {@return an output that is no terminal} */
    static Output of(OutputStream stream) {
        return new Output(stream, "");
    }

    /** {@return whether people look at it} */
    boolean isTerminal() {
        if (link.isEmpty()) {
            return false;
        }
        try {
            String target = Files.readSymbolicLink(Path.of(link)).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException noProc) {
            return false;
        }
    }

    /** Writes a text. */
    Output text(String text) {
        return bytes(text.getBytes(UTF_8));
    }

    /** Writes a text and ends the line. */
    Output line(String text) {
        return text(text).bytes(new byte[] {'\n'});
    }

    /** Writes bytes of UTF-8. */
    Output bytes(byte[] utf8) {
        if (utf8.length > buffer.length - filled) {
            drain();
        }
        if (utf8.length > buffer.length) {
            write(utf8, utf8.length);
            return this;
        }
        System.arraycopy(utf8, 0, buffer, filled, utf8.length);
        filled += utf8.length;
        return this;
    }

    /**
     * {@return the stream that this writes to, for bytes of others; what was written is flushed}
     */
    OutputStream stream() {
        flush();
        return to;
    }

    /** Hands on what was written so far. */
    void flush() {
        drain();
        if (!failed()) {
            try {
                to.flush();
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
            }
        }
    }

    /** {@return whether something that was written is lost, as will be all that follows} */
    boolean failed() {
        return !failure.isEmpty();
    }

    /** {@return whether it failed because nobody reads any longer} */
    boolean hasNoReader() {
        return failure.equals(BROKEN_PIPE);
    }

    /** {@return why it failed; empty if it did not} */
    String failure() {
        return failure;
    }

    private void drain() {
        write(buffer, filled);
        filled = 0;
    }

    private void write(byte[] bytes, int length) {
        if (failed() || length == 0) {
            return;
        }
        try {
            to.write(bytes, 0, length);
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        }
    }
}
