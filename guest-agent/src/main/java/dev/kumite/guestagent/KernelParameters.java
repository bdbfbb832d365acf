package dev.kumite.guestagent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the host tells the agent on the kernel's command line.
 *
 * <p>Source: Kata Containers 4.1, agent configuration, {@code agent.*}.
 *
 * @param level of the log; {@code agent.log}
 * @param debugConsole whether a shell on the console was asked for; {@code agent.debug_console}
 * @param vsockPort to listen on where there is vsock; {@code agent.vsock_port}
 */
record KernelParameters(Log.Level level, boolean debugConsole, int vsockPort) {

    /** Source: Kata's agent, VSOCK_PORT. */
    private static final int VSOCK_PORT = 1024;

    static KernelParameters read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException _) {
            // /proc is not mounted: nothing can be asked for.
            return parse("");
        }
    }

    static KernelParameters parse(String commandLine) {
        Log.Level level = Log.Level.INFO;
        boolean debugConsole = false;
        int port = VSOCK_PORT;
        int at = 0;
        while (at < commandLine.length()) {
            int end = at;
            while (end < commandLine.length() && commandLine.charAt(end) > ' ') {
                end++;
            }
            String word = commandLine.substring(at, end);
            if (word.startsWith("agent.log=")) {
                level = Log.Level.of(word.substring("agent.log=".length()));
            } else if (word.equals("agent.devmode") || word.equals("agent.debug_console")) {
                debugConsole = true;
            } else if (word.startsWith("agent.vsock_port=")) {
                port = port(word.substring("agent.vsock_port=".length()), port);
            }
            at = end + 1;
        }
        return new KernelParameters(level, debugConsole, port);
    }

    private static int port(String text, int otherwise) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException _) {
            return otherwise;
        }
    }
}
