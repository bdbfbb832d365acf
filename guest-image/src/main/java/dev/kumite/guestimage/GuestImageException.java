package dev.kumite.guestimage;

import java.io.IOException;
import java.io.Serial;

/**
 * The guest cannot be built or read, for a reason outside Kumite's code. The message says what is
 * wrong and how to help it.
 */
public final class GuestImageException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    /** What kind of thing went wrong. */
    public enum Category {
        /** A program or a file that the build needs is not there. */
        MISSING,
        /** The package manager refused or could not reach its server. */
        PACKAGE,
        /** A package, a program or a manifest holds something else than it must. */
        CONTENT,
        /** Reading or writing failed, for example because the disk is full. */
        IO,
        /** The thread was interrupted. Its interrupt flag is set again. */
        INTERRUPTED
    }

    private final Category category;

    private GuestImageException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    private GuestImageException(Category category, String message) {
        super(message);
        this.category = category;
    }

    static GuestImageException missing(String message) {
        return new GuestImageException(Category.MISSING, message);
    }

    static GuestImageException packages(String message) {
        return new GuestImageException(Category.PACKAGE, message);
    }

    static GuestImageException content(String message) {
        return new GuestImageException(Category.CONTENT, message);
    }

    static GuestImageException io(String what, IOException cause) {
        return new GuestImageException(Category.IO, what + ": " + reason(cause), cause);
    }

    static GuestImageException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new GuestImageException(Category.INTERRUPTED, what + ": interrupted", cause);
    }

    /** {@return what kind of thing went wrong} */
    public Category category() {
        return category;
    }

    private static String reason(IOException cause) {
        String message = cause.getMessage();
        // NoSuchFileException and its siblings have nothing but the path as their message.
        return cause instanceof java.nio.file.FileSystemException || message == null
                ? cause.getClass().getSimpleName() + " " + message
                : message;
    }
}
