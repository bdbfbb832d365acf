package dev.kumite.cli;

import java.util.HexFormat;

/**
 * Characters that a terminal or a YAML reader may trip over, in documents whose texts can spell
 * them as escapes.
 */
final class Unprintable {

    private Unprintable() {}

    /**
     * {@return the document with {@code \}{@code uXXXX} for every control, line separator and
     * invisible formatting character; line ends stay}
     *
     * @param document JSON, or YAML in which such characters stand within double quotes only: to
     *     readers it says the same
     */
    static String escaped(String document) {
        StringBuilder escaped = null;
        for (int i = 0; i < document.length(); i++) {
            char c = document.charAt(i);
            if (c == '\n' || isPrintable(c)) {
                if (escaped != null) {
                    escaped.append(c);
                }
                continue;
            }
            if (escaped == null) {
                escaped = new StringBuilder(document.length() + 64).append(document, 0, i);
            }
            escaped.append("\\u").append(HexFormat.of().toHexDigits(c));
        }
        return escaped == null ? document : escaped.toString();
    }

    private static boolean isPrintable(char c) {
        if (c < 0x7F) {
            return c >= ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> c != '\uFEFF';
        };
    }
}
