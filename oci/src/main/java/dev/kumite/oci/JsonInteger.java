package dev.kumite.oci;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The whole number that a parser has at hand, read without making objects. Confined to the reading
 * thread.
 */
final class JsonInteger {

    /** 2<sup>64</sup> - 1, divided by ten, and the digit that is left. */
    private static final long UINT64_TENTH = 1844674407370955161L;

    private static final int UINT64_LAST_DIGIT = 5;

    private final JsonParser parser;
    private long magnitude;
    private boolean negative;

    JsonInteger(JsonParser parser) {
        this.parser = parser;
    }

    /** {@return whether the value at hand is a whole number in plain form, in {@code range}} */
    boolean isIn(IntegerRange range) {
        if (!isAtHand()) {
            return false;
        }
        long value = value();
        // Beyond 2^63 the sign bit is wrong. Minus zero is no number for a type without a sign.
        boolean fits = negative ? value < 0 || (magnitude == 0 && range.min < 0) : value >= 0;
        return fits && range.contains(value);
    }

    /**
     * {@return whether the value at hand is a whole number in plain form, from 0 to 2<sup>64</sup>
     * - 1}
     */
    boolean isUint64() {
        return isAtHand() && !negative;
    }

    /**
     * {@return the number after one of the questions was answered with yes; its bits if it is
     * unsigned}
     */
    long value() {
        return negative ? -magnitude : magnitude;
    }

    private boolean isAtHand() {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            return false;
        }
        char[] text = parser.getStringCharacters();
        int i = parser.getStringOffset();
        int end = i + parser.getStringLength();
        negative = text[i] == '-';
        if (negative) {
            i++;
        }
        magnitude = 0;
        for (; i < end; i++) {
            int digit = text[i] - '0';
            if (magnitude < 0
                    || magnitude > UINT64_TENTH
                    || (magnitude == UINT64_TENTH && digit > UINT64_LAST_DIGIT)) {
                return false;
            }
            magnitude = magnitude * 10 + digit;
        }
        return true;
    }
}
