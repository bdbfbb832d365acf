package dev.kumite.config;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What loading and planning may ask about the machine they run on, or plan for. Paths are given as
 * text, because texts of an annotation need not be paths at all: for those every answer is "there
 * is none". Implementations may be called by several threads, and never throw for a path, whatever
 * it is.
 */
public interface Host {

    /** {@return the number of CPUs that this process may use, at least 1} */
    int cpuCount();

    /** {@return the directory that relative paths start from} */
    String workingDirectory();

    /**
     * {@return whether there is a file of any kind at {@code path}, without following a link there}
     */
    boolean exists(String path);

    /** {@return whether {@code path} is a directory, or leads to one} */
    boolean isDirectory(String path);

    /**
     * {@return the names in the directory, sorted by Unicode code point; empty if there is none or
     * it is closed to us}
     */
    List<String> list(String directory);

    /**
     * {@return the absolute path without links that {@code path} leads to, or why it leads nowhere}
     */
    Resolution resolve(String path);

    /**
     * {@return the size in bytes of the file that {@code path} leads to; nothing if there is none}
     */
    OptionalLong size(String path);

    /**
     * {@return the size in bytes of the file system that holds {@code path}; nothing if {@code
     * path} does not exist}
     */
    OptionalLong fileSystemSize(String path);

    /** {@return whether a file system of type tmpfs is mounted at {@code path}} */
    boolean isTmpfsMount(String path);

    /**
     * {@return whether a file system of type tmpfs is mounted at a path, for many paths at one
     * moment; made for one plan, and not to be kept}
     */
    default Predicate<String> tmpfsMounts() {
        return this::isTmpfsMount;
    }

    /**
     * {@return what the file that {@code path} leads to holds, if that is at most {@code maxBytes}
     * long}
     */
    Contents read(String path, int maxBytes);

    /** What came of reading a file. */
    sealed interface Contents {
        /**
         * The whole file.
         *
         * @param bytes owned by the receiver
         */
        @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
        record Bytes(byte[] bytes) implements Contents {}

        /**
         * Nothing.
         *
         * @param reason lower case, such as {@code is a directory}
         */
        record Failed(String reason) implements Contents {}
    }

    /** Where a path leads. */
    sealed interface Resolution {
        /**
         * To a file.
         *
         * @param path absolute, without links
         */
        record Found(String path) implements Resolution {}

        /**
         * To nothing.
         *
         * @param path the absolute path that was tried
         */
        record Missing(String path) implements Resolution {}

        /**
         * Nowhere, for another reason.
         *
         * @param reason lower case, such as {@code too many links}
         */
        record Failed(String reason) implements Resolution {}
    }
}
