package dev.kumite.cli;

import java.util.List;

/**
 * One command of {@code kumite}, such as {@code plan} or {@code config check}. Has no state; made
 * cheaply.
 */
interface Command {

    /** {@return its name as typed: one word, or two separated by one blank} */
    String name();

    /** {@return what it does, in a few words, for the list of commands} */
    String summary();

    /**
     * {@return all that may be typed after the name; parsing, help and completion are made from it}
     */
    Syntax syntax();

    /** {@return how it may end} */
    default List<Exit.Meaning> exitCodes() {
        return Exit.meanings();
    }

    /**
     * Does it.
     *
     * @param arguments what was typed, already held against {@link #syntax()}
     * @param console where answers and problems go
     */
    Exit run(Arguments arguments, Console console);
}
