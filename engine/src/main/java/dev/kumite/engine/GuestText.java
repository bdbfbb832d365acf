package dev.kumite.engine;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a guest says of its figures, in the text format of Prometheus. Guests are hostile: whatever
 * is not of that form, or not of a guest, is left out.
 */
final class GuestText {

    private static final List<String> PREFIXES =
            List.of("kata_guest_", "kata_agent_", "kumite_agent_");

    private static final int MOST_LINES = 512;
    private static final int MOST_CHARACTERS = 256;

    private GuestText() {}

    /**
     * A sample.
     *
     * @param labels as they stand between braces; empty if there are none
     * @param value a number
     */
    record Line(String name, String labels, String value) {}

    /** {@return the samples} */
    static List<Line> of(String text) {
        return text.lines().limit(MOST_LINES).flatMap(GuestText::line).toList();
    }

    private static Stream<Line> line(String text) {
        int space = text.lastIndexOf(' ');
        if (space < 0 || text.length() > MOST_CHARACTERS) {
            return Stream.empty();
        }
        String head = text.substring(0, space);
        String value = text.substring(space + 1);
        int brace = head.indexOf('{');
        boolean closed = brace < 0 || head.indexOf('}') == head.length() - 1;
        String name = brace < 0 ? head : head.substring(0, brace);
        String labels =
                brace < 0 ? "" : head.substring(brace + 1, Math.max(brace + 1, head.length() - 1));
        return closed && isName(name) && isLabels(labels) && isNumber(value)
                ? Stream.of(new Line(name, labels, value))
                : Stream.empty();
    }

    private static boolean isName(String name) {
        return PREFIXES.stream().anyMatch(name::startsWith)
                && name.chars()
                        .allMatch(
                                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
    }

    /** {@code name="value",name="value"}, with values of which nothing has to be quoted. */
    private static boolean isLabels(String labels) {
        if (labels.isEmpty()) {
            return true;
        }
        for (String pair : labels.split(",", -1)) {
            int equals = pair.indexOf("=\"");
            boolean good =
                    equals > 0
                            && pair.length() > equals + 2
                            && pair.indexOf('"', equals + 2) == pair.length() - 1
                            && pair.chars()
                                    .allMatch(c -> c > ' ' && c < 0x7F && c != '\\' && c != '{')
                            // Whose figures they are is not the guest's to say.
                            && !pair.startsWith("sandbox_id=");
            if (!good) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(String value) {
        try {
            return !value.isEmpty()
                    && "0123456789-".indexOf(value.charAt(0)) >= 0
                    && Double.isFinite(Double.parseDouble(value))
                    && value.chars().allMatch(c -> "0123456789.eE+-".indexOf(c) >= 0);
        } catch (NumberFormatException _) {
            return false;
        }
    }
}
