package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The run that the AOT cache is made from: many commands in one process, because one cache holds
 * the classes of one run. Not for users; {@code scripts/dist} starts it.
 */
final class AotTraining {

    /** Stands in a line for the directory that the file of commands is in. */
    private static final String DIRECTORY = "@";

    private AotTraining() {}

    /**
     * Runs every line of the file named by the first argument as a command line, and loads the
     * classes that the file named by the second one lists: those of a start that only a machine
     * would lead to.
     */
    public static void main(String[] arguments) throws IOException {
        Path commands = Path.of(arguments[0]);
        load(Path.of(arguments[1]));
        train(commands, words -> Main.run(words, System.out, System.err));
        train(commands, words -> Dispatcher.run(words, Console.ofProcess()));
    }

    /**
     * {@return how many classes were loaded, one for each line that names one; a name that is gone
     * costs a little time at a start, no more}
     */
    static int load(Path classes) throws IOException {
        int loaded = 0;
        for (String name : Files.readAllLines(classes, UTF_8)) {
            if (!name.isBlank() && !name.startsWith("#")) {
                try {
                    Class.forName(name, false, AotTraining.class.getClassLoader());
                    loaded++;
                } catch (ClassNotFoundException | LinkageError gone) {
                    // The list is made by hand, now and then.
                }
            }
        }
        return loaded;
    }

    /**
     * Words are separated by blanks and cannot contain one; empty lines and lines that begin with
     * {@code #} are skipped. What a command answers does not matter: an input that is refused
     * trains the way of refusing it.
     */
    static void train(Path commands, Consumer<String[]> kumite) throws IOException {
        String directory = String.valueOf(commands.toAbsolutePath().getParent());
        for (String line : Files.readAllLines(commands, UTF_8)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] words = line.strip().replace(DIRECTORY, directory).split(" +", -1);
                kumite.accept(words);
            }
        }
    }
}
