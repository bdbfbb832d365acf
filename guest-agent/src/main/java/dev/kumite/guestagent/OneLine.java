package dev.kumite.guestagent;

/**
 * Makes what a tool printed fit into an answer or a log: one line, printable, of bounded length.
 */
final class OneLine {

    /** Enough for a path of the longest kind and a sentence around it. */
    private static final int MAX_CHARS = 4096 + 512;

    private OneLine() {}

    /** {@return the text with each run of blanks and control characters made one blank} */
    static String of(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), MAX_CHARS));
        boolean gap = false;
        for (int i = 0; i < text.length() && line.length() < MAX_CHARS; i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7F) {
                gap = !line.isEmpty();
                continue;
            }
            if (gap) {
                line.append(' ');
                gap = false;
            }
            line.append(c);
        }
        return line.toString();
    }
}
