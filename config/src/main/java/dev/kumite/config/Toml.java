package dev.kumite.config;

import java.util.List;
import java.util.stream.Collectors;

/** How values are written in messages and in configuration files. */
final class Toml {

    /** Longest piece of a foreign text in a message, in characters: a message is read by people. */
    private static final int MAX_EXCERPT = 200;

    private Toml() {}

    /** {@return the texts as a TOML list} */
    static String list(List<String> texts) {
        return texts.stream().map(Toml::string).collect(Collectors.joining(", ", "[", "]"));
    }

    /** {@return the text as a TOML basic string} */
    static String string(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> {
                    if (c < 0x20 || c == 0x7F) {
                        quoted.append("\\u00").append(Character.forDigit(c >> 4, 16));
                        quoted.append(Character.forDigit(c & 15, 16));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    /** {@return the text, cut if it is very long, with control characters made visible} */
    static String excerpt(String text) {
        String shown = text.length() <= MAX_EXCERPT ? text : text.substring(0, MAX_EXCERPT) + "…";
        String quoted = string(shown);
        return quoted.substring(1, quoted.length() - 1);
    }
}
