package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import tools.jackson.core.io.JsonStringEncoder;

/** Finds and makes pieces of JSON in bytes, without making values of them. */
final class JsonBytes {

    private static final int NONE = -1;

    /**
     * Where a value is.
     *
     * @param begin index of its first byte
     * @param end index after its last byte
     */
    record Range(int begin, int end) {}

    private JsonBytes() {}

    /** {@return the text as it stands between the quotes of a JSON string} */
    static byte[] quoted(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)).getBytes(UTF_8);
    }

    /**
     * {@return where the first object or list is that a member of the outermost object is; an empty
     * range if there is none} Only the outline of the document is looked at. What is not JSON is
     * for a real parser to tell; of the document with the range left out, and of the range.
     *
     * @param name ASCII, spelled without escapes in the document
     */
    static Range member(byte[] json, byte[] name) {
        int depth = 0;
        int i = 0;
        while (i < json.length) {
            switch (json[i]) {
                case '"' -> {
                    int end = afterString(json, i);
                    if (end == NONE) {
                        return new Range(0, 0);
                    }
                    if (depth == 1 && isString(json, i, end, name)) {
                        int value = valueAfterColon(json, end);
                        if (value != NONE && (json[value] == '{' || json[value] == '[')) {
                            int valueEnd = afterNested(json, value);
                            return valueEnd == NONE ? new Range(0, 0) : new Range(value, valueEnd);
                        }
                    }
                    i = end;
                }
                case '{', '[' -> {
                    depth++;
                    i++;
                }
                case '}', ']' -> {
                    depth--;
                    i++;
                }
                default -> i++;
            }
        }
        return new Range(0, 0);
    }

    private static boolean isString(byte[] json, int begin, int end, byte[] text) {
        if (end - begin - 2 != text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (json[begin + 1 + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    private static int valueAfterColon(byte[] json, int from) {
        int colon = skipBlanks(json, from);
        if (colon >= json.length || json[colon] != ':') {
            return NONE;
        }
        int value = skipBlanks(json, colon + 1);
        return value < json.length ? value : NONE;
    }

    private static int skipBlanks(byte[] json, int from) {
        int i = from;
        while (i < json.length
                && (json[i] == ' ' || json[i] == '\t' || json[i] == '\r' || json[i] == '\n')) {
            i++;
        }
        return i;
    }

    private static int afterString(byte[] json, int begin) {
        for (int i = begin + 1; i < json.length; i++) {
            if (json[i] == '"') {
                return i + 1;
            }
            if (json[i] == '\\') {
                i++;
            }
        }
        return NONE;
    }

    private static int afterNested(byte[] json, int begin) {
        int depth = 0;
        int i = begin;
        while (i < json.length) {
            switch (json[i]) {
                case '"' -> {
                    i = afterString(json, i);
                    if (i == NONE) {
                        return NONE;
                    }
                }
                case '{', '[' -> {
                    depth++;
                    i++;
                }
                case '}', ']' -> {
                    depth--;
                    i++;
                    if (depth == 0) {
                        return i;
                    }
                }
                default -> i++;
            }
        }
        return NONE;
    }
}
