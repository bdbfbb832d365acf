package dev.kumite.cli;

import dev.kumite.config.AnnotationTable;
import dev.kumite.config.Explanation;
import dev.kumite.config.Origin;
import java.util.ArrayList;
import java.util.List;

/** Where a value comes from, short enough for a column; {@link Origin#describe} says it in full. */
final class OriginText {

    private OriginText() {}

    /** {@return the origin, without the directories of files and the prefixes of keys} */
    static String full(Origin origin) {
        return switch (origin) {
            case Origin.BuiltIn _ -> "default";
            case Origin.Configuration(String file, int line, _, String key) ->
                    file.substring(file.lastIndexOf('/') + 1)
                            + ":"
                            + line
                            + " "
                            + key.substring(key.lastIndexOf('.') + 1);
            case Origin.Annotation(String key) -> "annotation " + brief(key);
            case Origin.SpecPath(String pointer) -> "config.json " + pointer;
            case Origin.Argument(String name) -> name;
            case Origin.Rule(String what, List<Origin> from) -> rule(what, from, true);
        };
    }

    /**
     * {@return the same, but nothing about the specification, where its reader would look anyway;
     * may be empty}
     */
    static String brief(Origin origin) {
        return switch (origin) {
            case Origin.SpecPath _ -> "";
            case Origin.Rule(String what, List<Origin> from) -> rule(what, from, false);
            case Origin.Configuration _ -> Explanation.isDefault(origin) ? "default" : full(origin);
            case Origin.BuiltIn _, Origin.Annotation _, Origin.Argument _ -> full(origin);
        };
    }

    private static String rule(String what, List<Origin> from, boolean full) {
        List<String> inputs = new ArrayList<>();
        for (Origin input : from) {
            String text = full ? full(input) : brief(input);
            if (!text.isEmpty() && !inputs.contains(text)) {
                inputs.add(text);
            }
        }
        return inputs.isEmpty() ? what : what + " (" + String.join(", ", inputs) + ")";
    }

    /** {@return the key without the prefix that all of Kata's settings share} */
    static String brief(String annotation) {
        for (String prefix :
                List.of(
                        AnnotationTable.HYPERVISOR,
                        AnnotationTable.RUNTIME,
                        AnnotationTable.AGENT)) {
            if (annotation.startsWith(prefix) && annotation.length() > prefix.length()) {
                return annotation.substring(prefix.length());
            }
        }
        return annotation;
    }
}
