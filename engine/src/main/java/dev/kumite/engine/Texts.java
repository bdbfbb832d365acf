package dev.kumite.engine;

/** Texts from a guest, or from programs, on their way to people. */
final class Texts {

    private Texts() {}

    /**
     * {@return the text in one line of at most {@code maxLength} characters, with {@code ?} for
     * what could disturb a terminal}
     */
    static String line(String text, int maxLength) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), maxLength));
        int end = Math.min(text.length(), maxLength);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean plain =
                    c == '\t'
                            || (c >= ' '
                                    && c != 0x7F
                                    && !Character.isISOControl(c)
                                    && Character.getType(c) != Character.FORMAT
                                    && Character.getType(c) != Character.LINE_SEPARATOR
                                    && Character.getType(c) != Character.PARAGRAPH_SEPARATOR);
            line.append(c == '\n' ? ' ' : plain ? c : '?');
        }
        return end < text.length() ? line.append(" …").toString() : line.toString().strip();
    }
}
