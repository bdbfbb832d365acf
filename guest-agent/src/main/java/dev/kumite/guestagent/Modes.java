package dev.kumite.guestagent;

/** Permissions of files, as numbers and as {@code rwxr-x---}. */
final class Modes {

    private static final String LETTERS = "rwxrwxrwx";

    private Modes() {}

    /** {@return the letters for the lower nine bits} */
    static String text(int mode) {
        StringBuilder text = new StringBuilder(LETTERS);
        for (int i = 0; i < LETTERS.length(); i++) {
            if (((mode >> (LETTERS.length() - 1 - i)) & 1) == 0) {
                text.setCharAt(i, '-');
            }
        }
        return text.toString();
    }

    /** {@return the letters for an octal number such as {@code 0750}} */
    static String text(String octal) {
        try {
            return text(Integer.parseInt(octal, 8));
        } catch (NumberFormatException _) {
            throw Refusal.invalid("\"" + octal + "\" is no octal file mode");
        }
    }
}
