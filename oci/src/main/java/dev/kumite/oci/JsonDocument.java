package dev.kumite.oci;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** A JSON document as a whole: its length, its one value, and what becomes of errors in it. */
final class JsonDocument {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    // The document is in memory, its length checked; only its depth is for Jackson
                    // to watch.
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(Limits.MAX_DEPTH)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    // A table shared by all documents would keep hostile names, and slow down with
                    // them.
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
                    .build();

    private JsonDocument() {}

    static JsonParser parser(char[] text) {
        return FACTORY.createParser(ObjectReadContext.empty(), text, 0, text.length);
    }

    /**
     * {@return what {@code reader} makes of a document, which must be an object or {@code null}}
     */
    static <T> Outcome<T> read(byte[] utf8, String source, ValueReader<T> reader) {
        return utf8.length > Limits.MAX_DOCUMENT_LENGTH
                ? tooLong(source, utf8.length + " bytes")
                : read(JsonText.decode(utf8), source, reader);
    }

    /**
     * {@return what {@code reader} makes of a document, which must be an object or {@code null}}
     */
    static <T> Outcome<T> read(String text, String source, ValueReader<T> reader) {
        if (text.length() > Limits.MAX_DOCUMENT_LENGTH) {
            return tooLong(source, text.length() + " characters");
        }
        JsonProblems problems = new JsonProblems(source);
        if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            problems.add(
                    problems.whole(""),
                    "the document begins with a byte order mark",
                    "JSON has none",
                    "save it as UTF-8 without one");
            return Outcome.refused(problems.list());
        }
        char[] chars = JsonText.wellFormed(text);
        try (JsonParser parser = parser(chars)) {
            Optional<T> value =
                    read(parser, problems, new JsonInput(parser, problems, chars), reader);
            if (value.isPresent()) {
                return Outcome.of(value.get(), problems.list());
            }
        } catch (JacksonException e) {
            problems.syntax(e);
        }
        return Outcome.refused(problems.list());
    }

    private static <T> Optional<T> read(
            JsonParser parser, JsonProblems problems, JsonInput in, ValueReader<T> reader) {
        JsonToken token = parser.nextToken();
        if (token == null) {
            problems.add(
                    problems.whole(""),
                    "the document is empty",
                    "an object is needed",
                    "write one");
            return Optional.empty();
        }
        Optional<T> value = Optional.empty();
        if (token == JsonToken.START_OBJECT || token == JsonToken.VALUE_NULL) {
            value = Optional.of(reader.read(in));
        } else {
            in.mismatch("an object", "write its members in braces");
        }
        if (parser.nextToken() != null) {
            problems.add(
                    problems.here(parser),
                    "something follows the end of the document",
                    "a file holds one document",
                    "remove it");
        }
        return value;
    }

    private static <T> Outcome<T> tooLong(String source, String length) {
        JsonProblems problems = new JsonProblems(source);
        problems.add(
                problems.whole(""),
                "the document has " + length,
                "at most " + Limits.MAX_DOCUMENT_LENGTH + " are read",
                "shorten it");
        return Outcome.refused(problems.list());
    }
}
