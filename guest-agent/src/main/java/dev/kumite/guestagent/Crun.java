package dev.kumite.guestagent;

import dev.kumite.ttrpc.StatusCode;
import dev.kumite.ttrpc.TtrpcException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How {@code crun} is called, and what its messages mean. Immutable.
 *
 * <p>Source: crun(1), 1.8.1.
 */
final class Crun {

    /** For calls that only change something; a machine under emulation is slow. */
    private static final int TIMEOUT_SECONDS = 60;

    private final GuestLayout layout;

    Crun(GuestLayout layout) {
        this.layout = layout;
    }

    private List<String> line(String... words) {
        List<String> line =
                Command.line(
                        layout.crun(),
                        "--root=" + layout.state().resolve("crun"),
                        "--cgroup-manager=" + layout.cgroupManager());
        for (String word : words) {
            line.add(word);
        }
        return line;
    }

    /**
     * {@return the options that {@code run} and {@code exec} share, and where they leave things}
     */
    private List<String> withFiles(ProcessFiles files, String command) {
        List<String> line = line("--log=file:" + files.log(), command, "--pid-file=" + files.pid());
        if (files.terminal()) {
            line.add("--console-socket=" + files.console());
        }
        return line;
    }

    /** {@return the command that runs a container in the foreground, to its end} */
    List<String> run(String containerId, Path bundle, ProcessFiles files) {
        return ofBundle("run", containerId, bundle, files);
    }

    /**
     * {@return the command that makes a container, whose first process waits for {@link #start}}
     */
    List<String> create(String containerId, Path bundle, ProcessFiles files) {
        return ofBundle("create", containerId, bundle, files);
    }

    private List<String> ofBundle(
            String command, String containerId, Path bundle, ProcessFiles files) {
        List<String> line = withFiles(files, command);
        line.add("--bundle=" + bundle);
        line.add(containerId);
        return line;
    }

    /** Lets the first process of a container that was only made go on to its program. */
    void start(String containerId) {
        require("start", containerId, "start", containerId);
    }

    /** {@return the command that runs one more process in a container, to its end} */
    List<String> exec(String containerId, Path process, ProcessFiles files) {
        List<String> line = withFiles(files, "exec");
        line.add("--process=" + process);
        line.add(containerId);
        return line;
    }

    /** Kills a container and removes what crun knows of it; no matter whether there is any. */
    void delete(String containerId) {
        Command.run(line("delete", "--force", containerId), TIMEOUT_SECONDS);
    }

    void pause(String containerId) {
        require("pause", containerId, "pause", containerId);
    }

    void resume(String containerId) {
        require("resume", containerId, "resume", containerId);
    }

    void update(String containerId, Path resources) {
        require("update", containerId, "update", "--resources=" + resources, containerId);
    }

    private void require(String what, String containerId, String... words) {
        Command.require(
                line(words), TIMEOUT_SECONDS, "cannot " + what + " container " + containerId);
    }

    /** {@return why a process did not start, from what crun wrote into its log} */
    static TtrpcException failure(Path log, int exitCode) {
        String message;
        try {
            message = OneLine.of(lastLine(Files.readString(log)));
        } catch (IOException e) {
            message = "";
        }
        if (message.isEmpty()) {
            return Refusal.failed("crun exited with code " + exitCode + " and did not say why");
        }
        return translate(message);
    }

    private static String lastLine(String text) {
        String stripped = text.strip();
        return stripped.substring(stripped.lastIndexOf('\n') + 1);
    }

    /**
     * {@return the refusal for a message of crun} Callers of runtimes look for runc's words to tell
     * exit codes 126 and 127 from others.
     */
    static TtrpcException translate(String message) {
        String missing = "executable file `";
        int start = message.indexOf(missing);
        int end = message.indexOf("` not found in $PATH", Math.max(start, 0));
        if (start >= 0 && end > start) {
            String name = message.substring(start + missing.length(), end);
            return Refusal.notFound(
                    name.startsWith("/")
                            ? "exec: \"" + name + "\": stat " + name + ": no such file or directory"
                            : "exec: \"" + name + "\": executable file not found in $PATH");
        }
        if (message.contains("open executable") || message.contains("Permission denied")) {
            return TtrpcException.refused(StatusCode.PERMISSION_DENIED, message);
        }
        return Refusal.failed(message);
    }
}
