package dev.kumite.guestagent;

/** Reads the kernel's files of lines {@code key value}. Source: cgroup-v2.rst, "Flat keyed". */
final class Keyed {

    private Keyed() {}

    /** {@return the number after {@code key}; 0 if there is none} */
    static long value(String text, String key) {
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            int stop = end < 0 ? text.length() : end;
            if (text.startsWith(key, at)
                    && at + key.length() < stop
                    && text.charAt(at + key.length()) == ' ') {
                return number(text.substring(at + key.length() + 1, stop).strip());
            }
            at = stop + 1;
        }
        return 0;
    }

    /** {@return the number after {@code key:}, a unit after it left out; 0 if there is none} */
    static long colonValue(String text, String key) {
        int at = text.startsWith(key + ":") ? 0 : text.indexOf("\n" + key + ":") + 1;
        if (at == 0 && !text.startsWith(key + ":")) {
            return 0;
        }
        int end = text.indexOf('\n', at);
        String value = text.substring(at + key.length() + 1, end < 0 ? text.length() : end).strip();
        int space = value.indexOf(' ');
        return number(space < 0 ? value : value.substring(0, space));
    }

    /** {@return the number; the largest one for {@code max}; 0 for what is none} */
    static long number(String text) {
        if (text.equals("max")) {
            return Long.MAX_VALUE;
        }
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
