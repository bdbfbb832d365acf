package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Texts that are replaced in all strings of a case, and in the configuration files that it names.
 * Thread-safe.
 *
 * @param all in the order in which they were given
 */
record Substitutions(List<Substitution> all) {

    /** Stands for the directory that a set of cases takes for its root. */
    static final String ROOT = "@ROOT@";

    /**
     * One text and what replaces it.
     *
     * @param text printable ASCII without quotes and backslashes, so that JSON can spell it in one
     *     way only
     * @param value any text
     */
    record Substitution(String text, String value) {}

    Substitutions {
        all = List.copyOf(all);
    }

    /** {@return what is wrong with a text that is to be replaced, if something is} */
    static Optional<String> complaint(String assignment) {
        String text = assignment.substring(0, assignment.indexOf('='));
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '"' || c == '\\') {
                return Optional.of(
                        "the text to be replaced is \""
                                + ProblemText.printable(text)
                                + "\", but only printable ASCII without blanks, quotes and backslashes can be");
            }
        }
        return Optional.empty();
    }

    /** {@return the substitutions that the words ask for, each of the form {@code TEXT=VALUE}} */
    static Substitutions of(List<String> assignments) {
        List<Substitution> all = new ArrayList<>(assignments.size());
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            all.add(
                    new Substitution(
                            assignment.substring(0, equals), assignment.substring(equals + 1)));
        }
        return new Substitutions(all);
    }

    /** {@return what replaces the root directory's text, if anything does} */
    Optional<String> root() {
        for (Substitution one : all) {
            if (one.text().equals(ROOT)) {
                return Optional.of(one.value());
            }
        }
        return Optional.empty();
    }

    /** {@return the text with all replaced} */
    String inText(String text) {
        String replaced = text;
        for (Substitution one : all) {
            replaced = replaced.replace(one.text(), one.value());
        }
        return replaced;
    }

    /**
     * {@return the JSON document with all replaced in its strings; the same array if there was
     * nothing to replace}
     */
    byte[] inJson(byte[] json) {
        byte[] replaced = json;
        for (Substitution one : all) {
            replaced = replace(replaced, one.text().getBytes(UTF_8), one.value());
        }
        return replaced;
    }

    private static byte[] replace(byte[] json, byte[] text, String value) {
        ByteArrayOutputStream replaced = null;
        byte[] quoted = {};
        boolean inString = false;
        int copied = 0;
        for (int i = 0; i < json.length; i++) {
            byte c = json[i];
            if (inString && c == text[0] && isAt(json, i, text)) {
                if (replaced == null) {
                    replaced = new ByteArrayOutputStream(json.length + 1024);
                    quoted = JsonBytes.quoted(value);
                }
                replaced.write(json, copied, i - copied);
                replaced.write(quoted, 0, quoted.length);
                i += text.length - 1;
                copied = i + 1;
            } else if (c == '"') {
                inString = !inString;
            } else if (c == '\\') {
                i++;
            }
        }
        if (replaced == null) {
            return json;
        }
        replaced.write(json, copied, json.length - copied);
        return replaced.toByteArray();
    }

    private static boolean isAt(byte[] json, int at, byte[] text) {
        if (at + text.length > json.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (json[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
