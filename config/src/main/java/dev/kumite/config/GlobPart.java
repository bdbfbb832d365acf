package dev.kumite.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What stands between two slashes of a {@link Glob}: {@code *} is any run of bytes, {@code ?} one
 * character, {@code [a-z]} one of some characters and {@code [^a-z]} one of all others, {@code \}
 * takes the next character as it is.
 *
 * <p>Names are compared as bytes in UTF-8. That matters in one corner only: {@code *} may end
 * within a character, whose remaining bytes then count as characters of their own.
 *
 * <p>Source: Go, {@code path/filepath}, {@code Match}.
 */
final class GlobPart {

    /** What a byte that begins no character is taken for. */
    private static final int REPLACEMENT = 0xFFFD;

    /** Matches one byte or one character. */
    private sealed interface Step {
        record Literal(byte value) implements Step {}

        record AnyCharacter() implements Step {}

        record OneOf(List<Range> ranges, boolean negated) implements Step {}
    }

    private record Range(int low, int high) {}

    /** Steps that follow each other, perhaps after a {@code *}. */
    private record Run(boolean afterStar, List<Step> steps) {}

    private final List<Run> runs;

    private GlobPart(List<Run> runs) {
        this.runs = runs;
    }

    /** {@return the pattern ready for matching; nothing if it is malformed} */
    static Optional<GlobPart> parse(String pattern) {
        List<Run> runs = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        boolean afterStar = false;
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '*') {
                if (!steps.isEmpty()) {
                    runs.add(new Run(afterStar, steps));
                    steps = new ArrayList<>();
                }
                afterStar = true;
                at++;
                continue;
            }
            at = step(pattern, at, steps);
            if (at < 0) {
                return Optional.empty();
            }
        }
        runs.add(new Run(afterStar, steps));
        return Optional.of(new GlobPart(runs));
    }

    /** {@return where the step after the one at {@code at} begins; -1 if that one is malformed} */
    private static int step(String pattern, int at, List<Step> steps) {
        return switch (pattern.charAt(at)) {
            case '?' -> {
                steps.add(new Step.AnyCharacter());
                yield at + 1;
            }
            case '[' -> oneOf(pattern, at + 1, steps);
            case '\\' -> at + 1 == pattern.length() ? -1 : literal(pattern, at + 1, steps);
            default -> literal(pattern, at, steps);
        };
    }

    private static int literal(String pattern, int at, List<Step> steps) {
        int next = pattern.offsetByCodePoints(at, 1);
        for (byte value : pattern.substring(at, next).getBytes(StandardCharsets.UTF_8)) {
            steps.add(new Step.Literal(value));
        }
        return next;
    }

    private static int oneOf(String pattern, int start, List<Step> steps) {
        int at = start;
        boolean negated = at < pattern.length() && pattern.charAt(at) == '^';
        if (negated) {
            at++;
        }
        List<Range> ranges = new ArrayList<>();
        while (at < pattern.length()) {
            if (pattern.charAt(at) == ']' && !ranges.isEmpty()) {
                steps.add(new Step.OneOf(ranges, negated));
                return at + 1;
            }
            int low = member(pattern, at);
            if (low < 0) {
                return -1;
            }
            int high = low;
            if (pattern.charAt(low) == '-') {
                high = member(pattern, low + 1);
                if (high < 0) {
                    return -1;
                }
                ranges.add(new Range(pattern.codePointBefore(low), pattern.codePointBefore(high)));
            } else {
                ranges.add(new Range(pattern.codePointBefore(low), pattern.codePointBefore(low)));
            }
            at = high;
        }
        return -1;
    }

    /**
     * {@return the end of the character, perhaps escaped, at {@code at}; -1 if none may stand there
     * or it is the last}
     */
    private static int member(String pattern, int at) {
        if (at >= pattern.length() || pattern.charAt(at) == '-' || pattern.charAt(at) == ']') {
            return -1;
        }
        int character = pattern.charAt(at) == '\\' ? at + 1 : at;
        if (character >= pattern.length()) {
            return -1;
        }
        int end = pattern.offsetByCodePoints(character, 1);
        return end < pattern.length() ? end : -1;
    }

    boolean matches(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int at = 0;
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            boolean last = i == runs.size() - 1;
            if (last && run.afterStar() && run.steps().isEmpty()) {
                return true;
            }
            at = end(run, last, bytes, at);
            if (at < 0) {
                return false;
            }
        }
        return at == bytes.length;
    }

    /**
     * {@return where the run's leftmost match ends, for the last run the leftmost that ends the
     * name; -1 for none}
     */
    private static int end(Run run, boolean last, byte[] name, int start) {
        int furthest = run.afterStar() ? name.length : start;
        for (int at = start; at <= furthest; at++) {
            int end = end(run.steps(), name, at);
            if (end >= 0 && (!last || end == name.length)) {
                return end;
            }
        }
        return -1;
    }

    private static int end(List<Step> steps, byte[] name, int start) {
        int at = start;
        for (Step step : steps) {
            if (at >= name.length) {
                return -1;
            }
            int width = width(name, at);
            boolean matched =
                    switch (step) {
                        case Step.Literal(byte value) -> name[at] == value;
                        case Step.AnyCharacter() -> true;
                        case Step.OneOf oneOf -> contains(oneOf, character(name, at, width));
                    };
            if (!matched) {
                return -1;
            }
            at += step instanceof Step.Literal ? 1 : width;
        }
        return at;
    }

    private static boolean contains(Step.OneOf oneOf, int character) {
        for (Range range : oneOf.ranges()) {
            if (range.low() <= character && character <= range.high()) {
                return !oneOf.negated();
            }
        }
        return oneOf.negated();
    }

    /** {@return the number of bytes of the character at {@code at}; 1 within a character} */
    private static int width(byte[] name, int at) {
        int first = name[at] & 0xFF;
        if (first < 0xC0) {
            return 1;
        }
        if (first < 0xE0) {
            return 2;
        }
        return first < 0xF0 ? 3 : 4;
    }

    private static int character(byte[] name, int at, int width) {
        if (width > 1) {
            return new String(name, at, width, StandardCharsets.UTF_8).codePointAt(0);
        }
        return name[at] >= 0 ? name[at] : REPLACEMENT;
    }
}
