package dev.kumite.oci;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/**
 * What is wrong with one document. Places and paths are made when there is a problem, and only
 * then. Confined to the thread that reads the document.
 */
final class JsonProblems {

    /** Longest path that is kept, in UTF-16 code units: names may be long and documents deep. */
    private static final int MAX_PATH_LENGTH = 1024;

    private static final List<String> CONJECTURES =
            List.of("\n", ": was expecting", ": expected", ": maybe", ": has to be");

    private final String source;
    private final List<Problem> problems = new ArrayList<>();
    private @Nullable Problem last;

    JsonProblems(String source) {
        this.source = source;
    }

    /** {@return all problems, in the order of the document} */
    List<Problem> list() {
        return problems;
    }

    /** {@return whether further problems will not be listed} */
    boolean isFull() {
        return last != null;
    }

    /** {@return whether there is a problem of exactly the value at {@code path}, in any case} */
    boolean mention(String path) {
        for (Problem problem : problems) {
            if (problem.where() instanceof Location.Text text
                    && text.path().equalsIgnoreCase(path)) {
                return true;
            }
        }
        return false;
    }

    /** {@return the document as a whole, or what it lacks} */
    Location.Text whole(String path) {
        return new Location.Text(source, 0, 0, path);
    }

    /** {@return the token at hand} */
    Location.Text here(JsonParser parser) {
        TokenStreamLocation place = parser.currentTokenLocation();
        return new Location.Text(source, place.getLineNr(), place.getColumnNr(), path(parser));
    }

    void add(Location.Text where, String what, String why, String fix) {
        if (isFull()) {
            return;
        }
        if (problems.size() == Limits.MAX_PROBLEMS) {
            last =
                    Problem.error(
                            whole(""),
                            "there are more than " + Limits.MAX_PROBLEMS + " problems",
                            "only the first ones are listed",
                            "correct them and try again");
            problems.add(last);
            return;
        }
        problems.add(Problem.error(where, what, why, fix));
    }

    /** Adds that the value at hand is not what is needed. */
    void mismatch(JsonParser parser, String needed, String fix) {
        if (!isFull()) {
            Location.Text where = here(parser);
            add(where, subject(where) + " is " + found(parser), needed + " is needed", fix);
        }
    }

    /** Adds that the value at hand, or the name at hand, is larger than a bound. */
    void tooLarge(JsonParser parser, String what, int bound, String unit) {
        if (!isFull()) {
            Location.Text where = here(parser);
            add(
                    where,
                    subject(where) + " " + what,
                    "at most " + bound + " " + unit + " are read",
                    "shorten it");
        }
    }

    /** Adds that the name at hand means a member that was named before. */
    void duplicate(
            JsonParser parser, String name, String meant, @Nullable TokenStreamLocation first) {
        String place =
                first == null
                        ? "earlier"
                        : "at line " + first.getLineNr() + ", column " + first.getColumnNr();
        add(
                here(parser),
                Quoted.of(name)
                        + " is named a second time"
                        + (name.equals(meant) ? "" : " (it means " + Quoted.of(meant) + ")")
                        + "; the first is "
                        + place,
                "readers do not agree which of the two counts",
                "remove one of them");
    }

    /** Adds why the rest of the document cannot be read. */
    void syntax(JacksonException failure) {
        TokenStreamLocation place = failure.getLocation();
        Location.Text where =
                place == null
                        ? whole("")
                        : new Location.Text(
                                source,
                                Math.max(0, place.getLineNr()),
                                Math.max(0, place.getColumnNr()),
                                "");
        switch (failure) {
            case StreamConstraintsException _ ->
                    add(
                            where,
                            "lists and objects are nested deeper than "
                                    + Limits.MAX_DEPTH
                                    + " levels",
                            "no reader of such documents goes deeper",
                            "remove the inner ones");
            case UnexpectedEndOfInputException _ ->
                    add(
                            where,
                            "the document ends in the middle",
                            "a string, list or object is not closed",
                            "complete it");
            default ->
                    add(
                            where,
                            "this is not JSON: " + reason(failure.getOriginalMessage()),
                            "a document with an error in it cannot be understood in part",
                            "correct it here");
        }
    }

    /**
     * {@return the library's message without its conjectures, some of which speak of its own
     * settings}
     */
    private static String reason(@Nullable String message) {
        if (message == null || message.isEmpty()) {
            return "unknown error";
        }
        int end = message.length();
        for (String conjecture : CONJECTURES) {
            int begin = message.indexOf(conjecture);
            end = begin > 0 ? Math.min(end, begin) : end;
        }
        return Quoted.plain(
                message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1, end));
    }

    private static String subject(Location.Text where) {
        return where.path().isEmpty() ? "the document" : Quoted.plainEnd(where.path());
    }

    private static String found(JsonParser parser) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "the string " + Quoted.of(parser.getString());
            case VALUE_NULL -> "null";
            default -> Quoted.plain(parser.getString());
        };
    }

    /** {@return the JSON pointer of the value at hand, or of the member whose name is at hand} */
    private static String path(JsonParser parser) {
        TokenStreamContext context = parser.streamReadContext();
        if (parser.currentToken().isStructStart()) {
            context = context.getParent();
        }
        StringBuilder path = new StringBuilder();
        while (context != null && !context.inRoot()) {
            if (path.length() > MAX_PATH_LENGTH) {
                return path.insert(0, '…').toString();
            }
            path.insert(0, segment(context));
            context = context.getParent();
        }
        return path.toString();
    }

    /** Source: RFC 6901, section 3. */
    private static String segment(TokenStreamContext context) {
        if (context.inArray()) {
            return "/" + context.getCurrentIndex();
        }
        String name = context.currentName();
        if (name == null) {
            return "";
        }
        String shortened =
                name.length() > MAX_PATH_LENGTH ? name.substring(0, MAX_PATH_LENGTH) + '…' : name;
        return "/" + shortened.replace("~", "~0").replace("/", "~1");
    }
}
