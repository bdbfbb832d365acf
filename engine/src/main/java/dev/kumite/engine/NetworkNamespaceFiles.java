package dev.kumite.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks into network namespaces by entering them with a short-lived program. */
final class NetworkNamespaceFiles {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Most that is read of the list of interfaces, in bytes. */
    private static final int MAX_BYTES = 1 << 20;

    private NetworkNamespaceFiles() {}

    /**
     * {@return the names of the interfaces in the namespace}
     *
     * <p>Source: nsenter(1); proc_pid_net(5), {@code dev}: two lines of heading, then a line each,
     * beginning with the name and a colon.
     */
    static List<String> interfaces(String path) {
        if (!Files.exists(Path.of(path))) {
            throw failure(path, "there is no such file");
        }
        Process process;
        try {
            process =
                    new ProcessBuilder("nsenter", "--net=" + path, "cat", "/proc/net/dev")
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException e) {
            throw failure(path, "nsenter cannot be started: " + Failures.reason(e));
        }
        try (var output = process.getInputStream()) {
            String text = new String(output.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    || process.exitValue() != 0) {
                throw failure(path, Texts.line(text, 200));
            }
            return names(text);
        } catch (IOException e) {
            throw failure(path, Failures.reason(e));
        } catch (InterruptedException _) {
            throw EngineException.interrupted("looking into a network namespace");
        } finally {
            process.destroyForcibly();
        }
    }

    static List<String> names(String list) {
        List<String> names = new ArrayList<>();
        for (String line : list.lines().skip(2).toList()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                names.add(line.substring(0, colon).strip());
            }
        }
        return names;
    }

    private static EngineException failure(String path, String reason) {
        return EngineException.of(
                EngineException.Category.HOST,
                "cannot look into the network namespace \"" + path + "\": " + reason,
                "name a network namespace's file, or use one without a path");
    }
}
