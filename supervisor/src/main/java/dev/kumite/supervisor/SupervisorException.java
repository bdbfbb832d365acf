package dev.kumite.supervisor;

import java.io.Serial;

/** A command that is not carried out. The message is what the caller is told, in one line. */
public final class SupervisorException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    /** Why it is not. */
    public enum Category {
        /** The command line is not understood. */
        USAGE,
        /** There is no container or process of that name. */
        NOT_FOUND,
        /** The name is taken. */
        CONFLICT,
        /** Not possible in this state of the container. */
        ILLEGAL_STATE,
        /** The caller's files, descriptors or sockets are not as they have to be. */
        CALLER,
        /** The machine, or what is in it, did not do what it was asked. */
        MACHINE
    }

    private final Category category;

    private SupervisorException(Category category, String message) {
        super(message);
        this.category = category;
    }

    /** {@return why it is not carried out} */
    public Category category() {
        return category;
    }

    static SupervisorException of(Category category, String message) {
        return new SupervisorException(category, message);
    }

    /** Source: the text is looked for by podman and by containerd's shim. */
    static SupervisorException unknown(String id) {
        return of(Category.NOT_FOUND, "container \"" + id + "\" does not exist");
    }

    static void throwIfDeleted(boolean deleted) {
        if (deleted) {
            throw of(Category.ILLEGAL_STATE, "the container was deleted");
        }
    }

    /** Source: the text is looked for by containerd's shim. */
    static SupervisorException notRunning() {
        return of(Category.ILLEGAL_STATE, "container not running");
    }

    static SupervisorException caller(String what, Throwable why) {
        return of(Category.CALLER, what + ": " + reason(why));
    }

    /** {@return the failure in words; never empty} */
    static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /** {@return the message of this, which has one} */
    String text() {
        return reason(this);
    }
}
