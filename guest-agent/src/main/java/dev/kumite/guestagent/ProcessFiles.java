package dev.kumite.guestagent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What crun reads and leaves for one process, in a directory of its own. Names are numbers, not the
 * host's ids: these may be longer than a socket's path can be.
 *
 * @param directory the directory
 * @param terminal whether the process has a terminal
 */
record ProcessFiles(Path directory, boolean terminal) {

    static ProcessFiles create(Path state, long number, boolean terminal) {
        Path directory = state.resolve("process").resolve(Long.toString(number));
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw Refusal.failed("cannot make " + directory + ": " + e.getMessage());
        }
        return new ProcessFiles(directory, terminal);
    }

    /** {@return where crun writes why it failed} */
    Path log() {
        return directory.resolve("log");
    }

    /** {@return where crun writes the process's number once nothing but execve is left to do} */
    Path pid() {
        return directory.resolve("pid");
    }

    /** {@return where crun sends the terminal} */
    Path console() {
        return directory.resolve("console");
    }

    /** {@return the description of a process for {@code crun exec}} */
    Path process() {
        return directory.resolve("process.json");
    }

    /** {@return new limits for {@code crun update}} */
    Path resources() {
        return directory.resolve("resources.json");
    }

    /** {@return the process's number, or 0 if there is none yet} */
    int readPid() {
        try {
            String text = Files.readString(pid()).strip();
            return text.isEmpty() ? 0 : Integer.parseInt(text);
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
    }

    /** Removes what is here. */
    void delete() {
        try {
            Files.deleteIfExists(log());
            Files.deleteIfExists(pid());
            Files.deleteIfExists(console());
            Files.deleteIfExists(process());
            Files.deleteIfExists(resources());
            Files.deleteIfExists(directory);
        } catch (IOException _) {
            // On a tmpfs that ends with the machine; the next process has another number.
        }
    }
}
