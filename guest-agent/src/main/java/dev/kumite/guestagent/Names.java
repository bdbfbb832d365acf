package dev.kumite.guestagent;

/** What the host may call containers and processes: their names become parts of paths. */
final class Names {

    /** Source: NAME_MAX of Linux, less what we append. */
    private static final int MAX_CHARS = 240;

    private Names() {}

    /** {@return the id, if it is one} */
    static String container(String id) {
        return checked(id, "container id");
    }

    /** {@return the id, if it is one} */
    static String process(String id) {
        return checked(id, "exec id");
    }

    private static String checked(String id, String what) {
        boolean good = !id.isEmpty() && id.length() <= MAX_CHARS && isLetterOrDigit(id.charAt(0));
        for (int i = 1; good && i < id.length(); i++) {
            char c = id.charAt(i);
            good = isLetterOrDigit(c) || c == '.' || c == '_' || c == '-' || c == '+';
        }
        if (!good) {
            throw Refusal.invalid(
                    "the "
                            + what
                            + " \""
                            + OneLine.of(id)
                            + "\" is not one to "
                            + MAX_CHARS
                            + " letters, digits and . _ - +, beginning with a letter or digit");
        }
        return id;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
