package dev.kumite.oci.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Random values for tests of properties. The same seed gives the same values; a failing case names
 * its seed, and {@code -Dkumite.seed=<seed>} makes it the first case. {@code
 * -Dkumite.cases=<count>} runs more or fewer of them.
 *
 * <p>Confined to one thread.
 */
public final class Gen {

    /** System property with the seed of the first case. */
    public static final String SEED_PROPERTY = "kumite.seed";

    /** System property with the number of cases. */
    public static final String CASES_PROPERTY = "kumite.cases";

    private static final long DEFAULT_SEED = 20_261_123L;

    /** Characters that something or other treats specially. */
    private static final String ODD =
            "\u0000\t\n\r\u001b \"'\\/{}[]:,.=-_~#$%&*@<>|;\u007f\u0085\u00a0\u00e9\u017f\u0130\u0131\u212a"
                    + "\u200b\u2028\u202e\ufeff\ufffd\uffff\u65e5\u672c";

    private static final String PLAIN =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:";

    private final SplittableRandom random;

    private Gen(long seed) {
        random = new SplittableRandom(seed);
    }

    /** {@return random values from a seed} */
    public static Gen of(long seed) {
        return new Gen(seed);
    }

    /**
     * Checks a property for many cases.
     *
     * @param cases how many, unless the system property says otherwise
     * @param property throws if it does not hold
     * @throws AssertionError naming the seed, for the first case that fails
     */
    public static void forAll(int cases, Consumer<Gen> property) {
        long first = Long.getLong(SEED_PROPERTY, DEFAULT_SEED);
        int count = Integer.getInteger(CASES_PROPERTY, cases);
        for (int i = 0; i < count; i++) {
            long seed = first + i;
            try {
                property.accept(new Gen(seed));
            } catch (Throwable failure) {
                throw new AssertionError(
                        "case "
                                + i
                                + " fails, seed "
                                + seed
                                + ": repeat it with -D"
                                + SEED_PROPERTY
                                + "="
                                + seed,
                        failure);
            }
        }
    }

    /** {@return 0 to {@code bound} - 1} */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** {@return true about once in so many times} */
    public boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** {@return true or false} */
    public boolean bool() {
        return random.nextBoolean();
    }

    /** {@return one of the choices} */
    @SafeVarargs
    public final <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** {@return one of the choices} */
    public <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** {@return any number; small ones and ends of ranges more often} */
    public long anyLong() {
        return switch (below(6)) {
            case 0 -> 0;
            case 1 -> below(100);
            case 2 -> -below(100);
            case 3 -> pick(Long.MIN_VALUE, Long.MAX_VALUE, -1L, 1L << 32, (1L << 32) - 1, 1L << 31);
            default -> random.nextLong();
        };
    }

    /** {@return 0 to {@code max}; both ends more often} */
    public long upTo(long max) {
        return switch (below(5)) {
            case 0 -> 0;
            case 1 -> max;
            case 2 -> random.nextLong(Math.min(max, 100) + 1);
            default -> max == Long.MAX_VALUE ? random.nextLong(max) : random.nextLong(max + 1);
        };
    }

    /** {@return well-formed text of any characters, often short and plain, sometimes empty} */
    public String text() {
        if (oneIn(8)) {
            return "";
        }
        int length = oneIn(20) ? below(300) : 1 + below(12);
        boolean plain = bool();
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            if (plain || !oneIn(3)) {
                text.append(PLAIN.charAt(below(PLAIN.length())));
            } else if (oneIn(4)) {
                text.appendCodePoint(0x10000 + below(0x100000));
            } else {
                text.append(ODD.charAt(below(ODD.length())));
            }
        }
        return text.toString();
    }

    /** {@return text that may also hold halves of surrogate pairs} */
    public String wildText() {
        StringBuilder text = new StringBuilder(text());
        while (oneIn(3)) {
            text.insert(below(text.length() + 1), (char) (0xD800 + below(0x800)));
        }
        return text.toString();
    }

    /** {@return bytes of any values, or nearly UTF-8} */
    public byte[] bytes(int maxLength) {
        byte[] bytes = new byte[below(maxLength + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** {@return a value, or none} */
    public <T> Optional<T> optional(Supplier<T> value) {
        return bool() ? Optional.of(value.get()) : Optional.empty();
    }

    /** {@return up to {@code maxSize} items} */
    public <T> List<T> list(int maxSize, Supplier<T> item) {
        List<T> items = new ArrayList<>();
        for (int size = below(maxSize + 1); size > 0; size--) {
            items.add(item.get());
        }
        return items;
    }

    /** {@return up to {@code maxSize} entries with text for keys} */
    public <T> Map<String, T> map(int maxSize, Supplier<T> value) {
        Map<String, T> entries = new LinkedHashMap<>();
        for (int size = below(maxSize + 1); size > 0; size--) {
            entries.put(text(), value.get());
        }
        return entries;
    }

    /** {@return a JSON value, no deeper than {@code depth} lists and objects} */
    public String json(int depth) {
        if (depth > 0 && oneIn(2)) {
            return bool()
                    ? join("[", list(5, () -> json(depth - 1)), "]")
                    : join(
                            "{",
                            list(5, () -> jsonString(text()) + space() + ":" + json(depth - 1)),
                            "}");
        }
        return switch (below(8)) {
            case 0 -> "null";
            case 1 -> "true";
            case 2 -> "false";
            case 3 -> Long.toString(anyLong());
            case 4 -> Long.toUnsignedString(anyLong() | 1) + pick("", "0", ".5", "e3", "E-7", ".0");
            case 5 -> "-" + upTo(Long.MAX_VALUE);
            default -> jsonString(text());
        };
    }

    /** {@return a JSON string in one of its spellings} */
    public String jsonString(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.codePoints()
                .forEach(codePoint -> {
                    if (codePoint < ' ' || codePoint == '"' || codePoint == '\\' || oneIn(20)) {
                        escape(json, Character.toChars(codePoint));
                    } else {
                        json.appendCodePoint(codePoint);
                    }
                });
        return json.append('"').toString();
    }

    private static void escape(StringBuilder json, char[] units) {
        for (char unit : units) {
            json.append(String.format("\\u%04x", (int) unit));
        }
    }

    /** {@return {@code text} with a few small accidents} */
    public String mutate(String text) {
        StringBuilder mutated = new StringBuilder(text);
        for (int accidents = 1 + below(3); accidents > 0; accidents--) {
            int at = below(mutated.length() + 1);
            int end = Math.min(mutated.length(), at + 1 + below(oneIn(4) ? 60 : 3));
            switch (below(5)) {
                case 0 -> mutated.delete(at, end);
                case 1 -> mutated.insert(at, mutated.substring(at, end));
                case 2 ->
                        mutated.insert(
                                at,
                                pick(
                                        "{", "}", "[", "]", ",", ":", "\"", "\\", "0", "-", "null",
                                        " "));
                case 3 -> mutated.replace(at, end, json(2));
                default -> mutated.insert(at, wildText());
            }
        }
        return mutated.toString();
    }

    /** {@return what {@code generator} makes} */
    public <T> T make(Function<Gen, T> generator) {
        return generator.apply(this);
    }

    private String join(String open, List<String> parts, String close) {
        return open + space() + String.join(space() + "," + space(), parts) + space() + close;
    }

    private String space() {
        return oneIn(6) ? pick(" ", "\n", "\t", "\r\n", "  ") : "";
    }
}
