package dev.kumite.guestimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs one of the host's package tools, with a deadline and a bound on what it may say. */
final class HostCommand {

    /** A server that answers nothing for so long will not answer. */
    static final Duration DEADLINE = Duration.ofMinutes(10);

    /** More output than this is cut off; a list of libraries or an error has a few lines. */
    static final int MAX_OUTPUT_BYTES = 1 << 20;

    /** How a command ended and what it wrote to standard output and standard error together. */
    record Result(int exitCode, String output) {}

    private HostCommand() {}

    /**
     * @throws GuestImageException if the program is missing, takes too long, or the thread is
     *     interrupted; not if it ends with an error
     */
    static Result run(Path directory, List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        Map<String, String> environment = builder.environment();
        environment.put("LC_ALL", "C");
        environment.put("DEBIAN_FRONTEND", "noninteractive");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw GuestImageException.missing(
                    "cannot run "
                            + command.getFirst()
                            + ": the guest is made of Debian packages, which need Debian's apt and dpkg;"
                            + " build it on a Debian or Ubuntu machine with \"kumite guest build --output"
                            + " DIR\", copy DIR here, and name its files as kernel and initrd in"
                            + " configuration.toml");
        }
        try {
            String[] output = {""};
            Thread reader =
                    Thread.ofVirtual().start(() -> output[0] = read(process.getInputStream()));
            if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw GuestImageException.packages(
                        String.join(" ", command)
                                + " did not end within "
                                + DEADLINE.toMinutes()
                                + " minutes");
            }
            reader.join();
            return new Result(process.exitValue(), output[0]);
        } catch (InterruptedException e) {
            throw GuestImageException.interrupted(command.getFirst(), e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(InputStream in) {
        try (in) {
            byte[] kept = in.readNBytes(MAX_OUTPUT_BYTES);
            in.skip(Long.MAX_VALUE);
            return new String(kept, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
