package dev.kumite.oci;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/**
 * Finds the line and column of a value in a {@code config.json} that was read already. A {@link
 * Spec} does not keep them, since hardly anybody asks; who does goes through the document again.
 */
public final class SpecPlaces {

    private final String source;
    private final char[] text;

    private SpecPlaces(String source, char[] text) {
        this.source = source;
        this.text = text;
    }

    /**
     * {@return the places of a document}
     *
     * @param utf8 the document, well-formed and within {@link Limits}
     * @param source its name in problems
     */
    public static SpecPlaces of(byte[] utf8, String source) {
        requireNonNull(source, "source is null");
        return new SpecPlaces(source, JsonText.wellFormed(JsonText.decode(utf8)));
    }

    /**
     * {@return the place of the value, or of what is nearest above it in the document}
     *
     * @param pointer JSON pointer (RFC 6901) with the names that the specification uses
     */
    public Location.Text find(String pointer) {
        try (JsonParser parser = JsonDocument.parser(text)) {
            parser.nextToken();
            TokenStreamLocation place = parser.currentTokenLocation();
            for (String name :
                    pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
                boolean found =
                        parser.currentToken() == JsonToken.START_OBJECT
                                ? enterMember(parser, name)
                                : parser.currentToken() == JsonToken.START_ARRAY
                                        && enterItem(parser, name);
                if (!found) {
                    break;
                }
                place = parser.currentTokenLocation();
            }
            return new Location.Text(source, place.getLineNr(), place.getColumnNr(), pointer);
        } catch (JacksonException notWellFormed) {
            return new Location.Text(source, 0, 0, pointer);
        }
    }

    private static boolean enterMember(JsonParser parser, String name) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean wanted =
                    name.toLowerCase(Locale.ROOT)
                            .equals(parser.currentName().toLowerCase(Locale.ROOT));
            parser.nextToken();
            if (wanted) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static boolean enterItem(JsonParser parser, String index) {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (Integer.toString(i).equals(index)) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }
}
