package dev.kumite.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Documents of the tests, and where their values are. */
final class Documents {

    /** The six recorded documents, without {@code .config.json}. */
    static final List<String> SAMPLES =
            List.of(
                    "ctr-run",
                    "cri-sandbox",
                    "cri-container",
                    "podman-run",
                    "podman-run-privileged",
                    "podman-pod-ctr-a");

    private static final JsonFactory FACTORY = new JsonFactory();

    private Documents() {}

    /**
     * A name or a value.
     *
     * @param begin its first character
     * @param end the one after its last character
     * @param pointer JSON pointer of the value, or of the one that is named
     */
    record Piece(JsonToken token, int begin, int end, String pointer) {

        boolean isName() {
            return token == JsonToken.PROPERTY_NAME;
        }

        /** {@return the document with something else in place of this piece} */
        String replacedIn(String document, String replacement) {
            return document.substring(0, begin) + replacement + document.substring(end);
        }

        String textIn(String document) {
            return document.substring(begin, end);
        }
    }

    /** {@return a document that names every member that is kept, with values that are not zero} */
    static String everything() {
        return resource("/everything.json");
    }

    /** {@return a document with the members that are for other systems} */
    static String otherSystems() {
        return resource("/other-systems.json");
    }

    static String sample(String name) {
        return resource("/samples/" + name + ".config.json");
    }

    /** {@return a document's smallest form} */
    static String minify(String document) {
        StringWriter text = new StringWriter();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), document);
                JsonGenerator generator =
                        FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            while (parser.nextToken() != null) {
                generator.copyCurrentEvent(parser);
            }
        }
        return text.toString();
    }

    /** {@return all names and values of a document, the document itself first} */
    static List<Piece> pieces(String document) {
        List<Piece> pieces = new ArrayList<>();
        Deque<Integer> open = new ArrayDeque<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), document)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                int begin = (int) parser.currentTokenLocation().getCharOffset();
                if (token.isStructEnd()) {
                    int start = open.pop();
                    Piece piece = pieces.get(start);
                    pieces.set(
                            start,
                            new Piece(piece.token(), piece.begin(), begin + 1, piece.pointer()));
                    continue;
                }
                String pointer =
                        token.isStructStart()
                                ? parser.streamReadContext().getParent().pathAsPointer().toString()
                                : parser.streamReadContext().pathAsPointer().toString();
                if (token.isStructStart()) {
                    open.push(pieces.size());
                }
                pieces.add(new Piece(token, begin, end(document, token, begin), pointer));
            }
        }
        return pieces;
    }

    private static int end(String document, JsonToken token, int begin) {
        int end = begin + 1;
        if (token == JsonToken.PROPERTY_NAME || token == JsonToken.VALUE_STRING) {
            while (document.charAt(end) != '"') {
                end += document.charAt(end) == '\\' ? 2 : 1;
            }
            return end + 1;
        }
        while ("}], \r\n".indexOf(document.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static String resource(String name) {
        try (InputStream in = Documents.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
