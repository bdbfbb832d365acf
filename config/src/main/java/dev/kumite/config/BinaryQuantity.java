package dev.kumite.config;

import java.util.Optional;

/**
 * A Kubernetes quantity with a binary suffix, such as {@code 64Mi}.
 *
 * <p>Source: Kubernetes {@code apimachinery}, {@code resource.ParseQuantity}; Kata Containers,
 * {@code sgx.intel.com/epc}.
 *
 * @param bytes the value; 0 where the original can express it only as a big decimal, see {@link
 *     #exact}
 * @param exact whether {@code bytes} is what the text says
 */
record BinaryQuantity(long bytes, boolean exact) {

    private static final String SUFFIXES = "KMGTPE";

    /**
     * Decimal digits that the original's integer form is trusted with. Source: {@code
     * maxInt64Factors} and around.
     */
    private static final int TRUSTED_DIGITS = 15;

    /** {@return the quantity, if the text is one and has a binary suffix} */
    static Optional<BinaryQuantity> parse(String text) {
        int end = text.length() - 2;
        if (end < 0 || text.charAt(end + 1) != 'i') {
            return Optional.empty();
        }
        int power = SUFFIXES.indexOf(text.charAt(end)) + 1;
        int start = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
        if (power == 0 || start > end) {
            return Optional.empty();
        }
        int point = skipDigits(text, start, end);
        boolean fraction = false;
        if (point < end) {
            if (text.charAt(point) != '.' || skipDigits(text, point + 1, end) < end) {
                return Optional.empty();
            }
            fraction = point + 1 < end;
        }
        BinaryQuantity quantity =
                of(text.substring(start, point), fraction, power, text.startsWith("-"));
        // without a digit, only the integer form takes it, and for 0
        boolean digits = fraction || point > start;
        return digits || quantity.exact() ? Optional.of(quantity) : Optional.empty();
    }

    private static BinaryQuantity of(String digits, boolean fraction, int power, boolean negative) {
        String significant = stripZeros(digits);
        // the original estimates 3 decimal digits for every 10 binary ones and gives up its integer
        // form beyond 15
        int spare = TRUSTED_DIGITS - significant.length() - 3 * power - 1;
        if (fraction || spare < 0) {
            return new BinaryQuantity(0, false);
        }
        long bytes = Long.parseLong(significant) << (10 * power);
        return new BinaryQuantity(negative ? -bytes : bytes, true);
    }

    private static String stripZeros(String digits) {
        int i = 0;
        while (i < digits.length() && digits.charAt(i) == '0') {
            i++;
        }
        return i == digits.length() ? "0" : digits.substring(i);
    }

    private static int skipDigits(String text, int from, int end) {
        int i = from;
        while (i < end && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }
}
