package dev.kumite.cli;

/** JSON for people: the same document on several lines. */
final class JsonLayout {

    private static final int INDENT = 2;

    private JsonLayout() {}

    /**
     * {@return the document, each member and element on a line of its own}
     *
     * @param compact a valid document without white space between its tokens
     */
    static String indented(String compact) {
        StringBuilder text = new StringBuilder(compact.length() * 2);
        int depth = 0;
        boolean inString = false;
        for (int i = 0; i < compact.length(); i++) {
            char c = compact.charAt(i);
            if (inString) {
                text.append(c);
                if (c == '\\') {
                    i++;
                    text.append(compact.charAt(i));
                }
                inString = c != '"';
                continue;
            }
            switch (c) {
                case '{', '[' -> {
                    text.append(c);
                    char next = compact.charAt(i + 1);
                    if (next == '}' || next == ']') {
                        text.append(next);
                        i++;
                    } else {
                        depth++;
                        newLine(text, depth);
                    }
                }
                case '}', ']' -> {
                    depth--;
                    newLine(text, depth);
                    text.append(c);
                }
                case ',' -> {
                    text.append(c);
                    newLine(text, depth);
                }
                case ':' -> text.append(": ");
                default -> {
                    inString = c == '"';
                    text.append(c);
                }
            }
        }
        return Unprintable.escaped(text.toString());
    }

    private static void newLine(StringBuilder text, int depth) {
        text.append('\n').repeat(' ', depth * INDENT);
    }
}
