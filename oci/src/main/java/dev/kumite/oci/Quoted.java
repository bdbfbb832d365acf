package dev.kumite.oci;

/** Text from outside, shortened for a message; {@link Problem} itself makes it harmless. */
final class Quoted {

    /** Longest piece of foreign text in a message, in UTF-16 code units. */
    static final int MAX_LENGTH = 80;

    private Quoted() {}

    /** {@return {@code text} in double quotes} */
    static String of(String text) {
        return '"' + plain(text) + '"';
    }

    /** {@return {@code text} without quotes, its end left out if it is long} */
    static String plain(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + '…';
    }

    /** {@return {@code text} without quotes, its beginning left out if it is long} */
    static String plainEnd(String text) {
        return text.length() <= MAX_LENGTH
                ? text
                : '…' + text.substring(text.length() - MAX_LENGTH);
    }
}
