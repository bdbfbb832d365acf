package dev.kumite.config;

import dev.kumite.config.Explanation.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How two plans differ.
 *
 * @param differences in the order of the fields; none if the plans are equal
 */
public record PlanDifference(List<Difference> differences) {

    public PlanDifference {
        differences = List.copyOf(differences);
    }

    /** One value that is not the same. Secret values are masked, but were compared as they are. */
    public sealed interface Difference {

        /** {@return the field's full name} */
        String field();

        /** {@return what the field is for; may be empty} */
        String meaning();

        /** {@return why the values differ, in a sentence; empty if that cannot be said} */
        String why();

        /** Both plans have a value. */
        record Changed(Value left, Value right, String why) implements Difference {
            @Override
            public String field() {
                return left.field();
            }

            @Override
            public String meaning() {
                return left.meaning();
            }
        }

        /** Only the left plan has a value. */
        record OnlyLeft(Value left, String why) implements Difference {
            @Override
            public String field() {
                return left.field();
            }

            @Override
            public String meaning() {
                return left.meaning();
            }
        }

        /** Only the right plan has a value. */
        record OnlyRight(Value right, String why) implements Difference {
            @Override
            public String field() {
                return right.field();
            }

            @Override
            public String meaning() {
                return right.meaning();
            }
        }
    }

    /** A value as it may be shown, and as it is. */
    private record Both(Value shown, Object real) {}

    static PlanDifference between(Explainer.Planned left, Explainer.Planned right) {
        boolean comparable = left.plan().getClass() == right.plan().getClass();
        Map<String, Both> first = byField(left);
        Map<String, Both> second = byField(right);
        List<Difference> differences = new ArrayList<>();
        for (String field : inOrder(first, second)) {
            if (comparable
                    || field.startsWith("ContainerConfig.")
                    || field.equals(PlanValues.TYPE)) {
                compare(first.get(field), second.get(field)).ifPresent(differences::add);
            }
        }
        differences.addAll(PassedOn.differences(left.spec(), right.spec()));
        return new PlanDifference(differences);
    }

    /**
     * {@return the fields of both, those that only the second has behind those that they stand
     * behind there}
     */
    private static List<String> inOrder(Map<String, Both> first, Map<String, Both> second) {
        Map<String, List<String>> behind = new HashMap<>();
        List<String> fields = new ArrayList<>(first.size());
        List<String> run = fields;
        for (String field : second.keySet()) {
            if (first.containsKey(field)) {
                run = behind.computeIfAbsent(field, _ -> new ArrayList<>(0));
            } else {
                run.add(field);
            }
        }
        for (String field : first.keySet()) {
            fields.add(field);
            fields.addAll(behind.getOrDefault(field, List.of()));
        }
        return fields;
    }

    private static Optional<Difference> compare(@Nullable Both left, @Nullable Both right) {
        if (left == null || right == null) {
            return left == null
                    ? Optional.ofNullable(right)
                            .map(one ->
                                    new Difference.OnlyRight(
                                            one.shown(), onlyOne(one.shown(), "second", "first")))
                    : Optional.of(
                            new Difference.OnlyLeft(
                                    left.shown(), onlyOne(left.shown(), "first", "second")));
        }
        return left.real().equals(right.real())
                ? Optional.empty()
                : Optional.of(
                        new Difference.Changed(
                                left.shown(), right.shown(), changed(left.shown(), right.shown())));
    }

    private static Map<String, Both> byField(Explainer.Planned planned) {
        List<Value> shown = PlanValues.of(planned.runtime(), planned.plan(), planned.spec());
        List<Value> real = PlanValues.unmasked(planned.runtime(), planned.plan(), planned.spec());
        Map<String, Both> byField = LinkedHashMap.newLinkedHashMap(shown.size());
        for (int i = 0; i < shown.size(); i++) {
            byField.put(shown.get(i).field(), new Both(shown.get(i), real.get(i).value()));
        }
        return byField;
    }

    private static String onlyOne(Value value, String having, String lacking) {
        return switch (value.origin()) {
            case Origin.Annotation(String key) ->
                    "only the " + having + " has the annotation " + shortKey(key);
            case Origin.Configuration configuration ->
                    "only the " + having + " configuration sets " + last(configuration.key());
            case Origin.BuiltIn _ -> "the " + lacking + " sets it to nothing";
            case Origin.SpecPath _, Origin.Rule _, Origin.Argument _ -> "";
        };
    }

    private static String changed(Value left, Value right) {
        if (left.field().equals(PlanValues.TYPE)) {
            return "the machine is compared only where both make one or both join one";
        }
        Origin first = left.origin();
        Origin second = right.origin();
        if (first instanceof Origin.Annotation(String key)) {
            return second instanceof Origin.Annotation
                    ? "the annotation " + shortKey(key) + " asks for different things"
                    : "only the first has the annotation " + shortKey(key);
        }
        if (second instanceof Origin.Annotation(String key)) {
            return "only the second has the annotation " + shortKey(key);
        }
        if (first instanceof Origin.Rule || second instanceof Origin.Rule) {
            return rules(first, second);
        }
        if (first instanceof Origin.Configuration configuration) {
            return second instanceof Origin.Configuration
                    ? "both configurations set " + last(configuration.key()) + ", differently"
                    : "only the first configuration sets " + last(configuration.key());
        }
        return second instanceof Origin.Configuration configuration
                ? "only the second configuration sets " + last(configuration.key())
                : "";
    }

    private static String rules(Origin first, Origin second) {
        if (first instanceof Origin.Rule(String what, _)
                && second instanceof Origin.Rule(String other, _)) {
            return what.equals(other) ? "the same rule, from other values" : "";
        }
        return first instanceof Origin.Rule
                ? "computed in the first, taken as it is in the second"
                : "computed in the second, taken as it is in the first";
    }

    private static String shortKey(String key) {
        return key.startsWith(AnnotationTable.PREFIX)
                ? key.substring(key.lastIndexOf('.') + 1)
                : key;
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}
