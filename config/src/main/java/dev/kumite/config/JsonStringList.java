package dev.kumite.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON list of texts as the value of an annotation. {@code null} is the empty list, and a {@code
 * null} in the list the empty text.
 *
 * <p>Source: Go, {@code encoding/json}, {@code Unmarshal} into a list of strings.
 */
final class JsonStringList {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonStringList() {}

    /** {@return the texts, if that is what {@code json} writes and nothing follows} */
    static Optional<List<String>> parse(String json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            Optional<List<String>> texts = value(parser);
            return texts.isPresent() && parser.nextToken() == null ? texts : Optional.empty();
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
    }

    private static Optional<List<String>> value(JsonParser parser) {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.VALUE_NULL) {
            return Optional.of(List.of());
        }
        if (first != JsonToken.START_ARRAY) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            if (token == JsonToken.VALUE_STRING) {
                texts.add(withoutLoneSurrogates(parser.getString()));
            } else if (token == JsonToken.VALUE_NULL) {
                texts.add("");
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(texts);
    }

    private static String withoutLoneSurrogates(String text) {
        StringBuilder replaced = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            replaced = replaced == null ? new StringBuilder(text) : replaced;
            replaced.setCharAt(i, '\uFFFD');
        }
        return replaced == null ? text : replaced.toString();
    }
}
