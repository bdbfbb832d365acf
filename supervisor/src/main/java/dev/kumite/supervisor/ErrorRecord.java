package dev.kumite.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a command that fails leaves in the file of {@code --log}: exactly one record, since podman
 * reads the whole file as one.
 *
 * <p>Source: runc's logs, which are logrus'; podman, libpod/oci_conmon_common.go.
 */
final class ErrorRecord {

    private ErrorRecord() {}

    /** Appends the record. What cannot be written is on standard error all the same. */
    static void append(Path file, boolean json, String message, Instant time) {
        String text = json ? json(message, time) : plain(message, time);
        try {
            Files.writeString(
                    file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException unwritable) {
            return;
        }
    }

    static String json(String message, Instant time) {
        return "{\"level\":\"error\",\"msg\":"
                + quoted(message)
                + ",\"time\":\""
                + time.truncatedTo(ChronoUnit.SECONDS)
                + "\"}";
    }

    static String plain(String message, Instant time) {
        return "time=\""
                + time.truncatedTo(ChronoUnit.SECONDS)
                + "\" level=error msg="
                + quoted(message);
    }

    /** {@return the text as a JSON string; source: RFC 8259, 7} */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c)) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
