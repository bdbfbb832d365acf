package dev.kumite.cli;

/** What makes words stand out on a terminal. Source: ECMA-48, "Select Graphic Rendition". */
enum Colours {
    /** For files, pipes, and terminals that know no colours. */
    NONE,
    /** For terminals. */
    ANSI;

    private static final String RESET = "\u001b[0m";

    /** {@return the text for an error} */
    String error(String text) {
        return paint("\u001b[1;31m", text);
    }

    /** {@return the text for a warning} */
    String warning(String text) {
        return paint("\u001b[1;33m", text);
    }

    /** {@return the text, made to stand out} */
    String strong(String text) {
        return paint("\u001b[1m", text);
    }

    /** {@return the text, made to step back} */
    String faint(String text) {
        return paint("\u001b[2m", text);
    }

    private String paint(String with, String text) {
        return switch (this) {
            case NONE -> text;
            case ANSI -> with + text + RESET;
        };
    }
}
