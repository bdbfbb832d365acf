package dev.kumite.oci;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/**
 * Finds where a member was named first. That is not noted while reading, since documents in which
 * it matters are rare; instead they are gone through once more. Confined to the thread that reads
 * the document.
 */
final class FirstPlace {

    /** How often the longest document may be gone through for its sake. */
    private static final int MAX_PASSES = 8;

    private final char[] text;
    private long remainingLength = (long) MAX_PASSES * Limits.MAX_DOCUMENT_LENGTH;

    FirstPlace(char[] text) {
        this.text = text;
    }

    /**
     * {@return the place of the first name in the object at hand that means the same as the name at
     * hand, or null if looking for it would take too long}
     */
    @Nullable TokenStreamLocation find(JsonParser parser, Predicate<String> sameMeaning) {
        long second = parser.currentTokenLocation().getCharOffset();
        remainingLength -= second;
        return remainingLength < 0
                ? null
                : find(second, parser.streamReadContext().getNestingDepth(), sameMeaning);
    }

    private @Nullable TokenStreamLocation find(
            long second, int depth, Predicate<String> sameMeaning) {
        TokenStreamLocation first = null;
        try (JsonParser again = JsonDocument.parser(text)) {
            for (JsonToken token = again.nextToken(); token != null; token = again.nextToken()) {
                if (again.streamReadContext().getNestingDepth() != depth) {
                    continue;
                }
                if (token == JsonToken.START_OBJECT) {
                    first = null;
                } else if (token == JsonToken.PROPERTY_NAME) {
                    TokenStreamLocation place = again.currentTokenLocation();
                    if (place.getCharOffset() >= second) {
                        return first;
                    }
                    if (first == null && sameMeaning.test(again.currentName())) {
                        first = place;
                    }
                }
            }
            return first;
        }
    }
}
