package dev.kumite.doors;

import java.io.Serial;

/** A container is not made. The message says why, in one line. */
public final class DoorException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    /** Why it is not. */
    public enum Category {
        /** The machine that it belongs to does not run. */
        NO_MACHINE,
        /** The configuration, or what was asked for, cannot be. */
        REFUSED
    }

    private final Category category;
    private final String text;

    /**
     * @param category why it is not made
     * @param text the same for people, in one line
     */
    public DoorException(Category category, String text) {
        super(text);
        this.category = category;
        this.text = text;
    }

    /** {@return why it is not made} */
    public Category category() {
        return category;
    }

    /** {@return the message, never absent} */
    @Override
    public String getMessage() {
        return text;
    }
}
