package dev.kumite.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * The word that somebody probably meant to write: the one that takes the fewest insertions,
 * deletions, replacements and swaps of neighbours, if it takes few of them for the word's length.
 * Case, and {@code -} for {@code _}, cost nothing.
 */
public final class DidYouMean {

    /**
     * Longest word that is compared, in characters: no key is half as long, and the work grows with
     * the square.
     */
    private static final int MAX_LENGTH = 64;

    private DidYouMean() {}

    /**
     * {@return the closest candidate, the first of several that are equally close, if one is close}
     */
    public static Optional<String> closest(String word, Collection<String> candidates) {
        if (word.isEmpty() || word.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String normal = normal(word);
        int limit = limit(normal.length());
        Optional<String> closest = Optional.empty();
        for (String candidate : candidates) {
            int distance = distance(normal, normal(candidate), limit);
            if (distance <= limit) {
                closest = Optional.of(candidate);
                limit = distance - 1;
            }
            if (limit < 0) {
                return closest;
            }
        }
        return closest;
    }

    private static String normal(String word) {
        return word.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * A third of the word may be wrong, but not more than three characters; of a very short one, a
     * single one.
     */
    private static int limit(int length) {
        return Math.clamp(length / 3, 1, 3);
    }

    /** {@return the number of edits, or some number above {@code limit} if there are more} */
    private static int distance(String left, String right, int limit) {
        if (Math.abs(left.length() - right.length()) > limit || right.length() > MAX_LENGTH) {
            return limit + 1;
        }
        int[] beforeLast = new int[right.length() + 1];
        int[] last = new int[right.length() + 1];
        int[] row = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            row[0] = i;
            int least = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = last[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
                if (swapped(left, i, right, j)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
                least = Math.min(least, row[j]);
            }
            if (least > limit) {
                return least;
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[right.length()];
    }

    private static boolean swapped(String left, int i, String right, int j) {
        return i > 1
                && j > 1
                && left.charAt(i - 1) == right.charAt(j - 2)
                && left.charAt(i - 2) == right.charAt(j - 1);
    }
}
