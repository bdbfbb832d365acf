package dev.kumite.cli;

/** How a command of kumite's own ended. */
enum ExitCode implements Exit {
    /** All done. */
    DONE(0, "done; there may be warnings"),
    /** The input was refused, or could not be read; every problem is on standard error. */
    REFUSED(1, "refused; standard error says why and what to do"),
    /** The arguments are not understood; nothing was done. Source: bash(1), "EXIT STATUS". */
    USAGE(2, "the command line is not understood"),
    /** A defect of Kumite. Source: sysexits(3), {@code EX_SOFTWARE}. */
    DEFECT(70, "a defect of kumite"),
    /** Nobody reads the output any longer. Source: bash(1), 128 + {@code SIGPIPE}. */
    NO_READER(141, "nobody reads the output any longer");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    @Override
    public int number() {
        return number;
    }

    /** {@return what it means, for people} */
    String meaning() {
        return meaning;
    }
}
