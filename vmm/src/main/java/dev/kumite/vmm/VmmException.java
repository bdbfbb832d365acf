package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

/** Why a machine could not be started, reached or changed. */
public final class VmmException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure it is. */
    public enum Category {
        /** The plan cannot be carried out on this host, or with these options. */
        REFUSED,
        /** A program or file is missing, or the host lacks a resource. */
        HOST,
        /** QEMU or virtiofsd ended. */
        PROCESS_ENDED,
        /** QEMU closed the control connection. */
        PEER_CLOSED,
        /** The other side did what its protocol forbids. */
        PROTOCOL,
        /** QEMU answered a command with an error. */
        COMMAND_FAILED,
        /** The template is damaged, or of another QEMU; machines can be booted without it. */
        TEMPLATE_UNUSABLE,
        /** Nothing happened before the deadline. */
        TIMEOUT,
        /** The thread was interrupted; its flag is set again. */
        INTERRUPTED
    }

    private final Category category;

    VmmException(Category category, String message) {
        super(message);
        this.category = requireNonNull(category, "category is null");
    }

    VmmException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = requireNonNull(category, "category is null");
    }

    static VmmException interrupted(String during) {
        Thread.currentThread().interrupt();
        return new VmmException(Category.INTERRUPTED, "interrupted while " + during);
    }

    /** {@return what kind of failure it is} */
    public Category category() {
        return category;
    }
}
