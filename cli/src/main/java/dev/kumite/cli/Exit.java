package dev.kumite.cli;

import java.util.ArrayList;
import java.util.List;

/** How a command ended. */
sealed interface Exit permits ExitCode, Exit.OfWorkload {

    /** {@return the exit status of the process, from 0 to 255} */
    int number();

    /**
     * The command ran something of the user's, and ends as that did.
     *
     * @param number the workload's exit status, or 128 and the number of the signal that ended it
     */
    record OfWorkload(int number) implements Exit {}

    /**
     * What an exit status means.
     *
     * @param number the status, or several
     * @param text a clause without full stop
     */
    record Meaning(String number, String text) {}

    /** {@return what the exit statuses of a command mean that runs nothing of the user's} */
    static List<Meaning> meanings() {
        List<Meaning> meanings = new ArrayList<>();
        for (ExitCode code : ExitCode.values()) {
            meanings.add(new Meaning(Integer.toString(code.number()), code.meaning()));
        }
        return meanings;
    }
}
