package dev.kumite.oci;

/**
 * Reads a value that JSON writes as an object.
 *
 * @param <T> what comes of it
 */
@FunctionalInterface
interface ValueReader<T> {

    /**
     * {@return the value at hand, an object or {@code null}, whose last token is at hand
     * afterwards}
     */
    T read(JsonInput in);
}
