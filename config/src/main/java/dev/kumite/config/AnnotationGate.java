package dev.kumite.config;

import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import dev.kumite.oci.ProblemList;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which annotations are read, and explains a refusal. Confined to one thread, for one plan.
 *
 * <p>Source: Kata Containers, Go runtime, {@code oci.checkAnnotationNameIsValid}.
 */
final class AnnotationGate {

    private final RuntimeConfig runtime;
    private final ProblemList problems;

    /**
     * The pattern of every annotation that was refused so far: the line that is proposed last
     * admits them all.
     */
    private final Set<String> missing = new LinkedHashSet<>();

    AnnotationGate(RuntimeConfig runtime, ProblemList problems) {
        this.runtime = runtime;
        this.problems = problems;
    }

    /** {@return whether the annotation is read; if not, a problem was added} */
    boolean admits(String key, Optional<AnnotationKey> row) {
        String name;
        if (key.startsWith(AnnotationTable.HYPERVISOR)) {
            name = key.substring(AnnotationTable.HYPERVISOR.length());
        } else if (runtime.enabledAnnotations().policy() == AnnotationPolicy.STRICT
                && row.isPresent()
                && row.get().gate() == AnnotationKey.Gate.ENABLED_IF_STRICT) {
            name = key.substring(AnnotationTable.PREFIX.length() + "config.".length());
        } else {
            return true;
        }
        if (runtime.enabledAnnotations().admits(name)) {
            return true;
        }
        if (row.isPresent()) {
            missing.add(patternFor(name, runtime.enabledAnnotations().policy()));
        }
        problems.addError(() -> notEnabled(key, row));
        return false;
    }

    private Problem notEnabled(String key, Optional<AnnotationKey> row) {
        EnabledAnnotations enabled = runtime.enabledAnnotations();
        String where = enabled.governedBy().describe();
        String why =
                enabled.patterns().isEmpty()
                        ? "no annotation is: enable_annotations is empty or missing in " + where
                        : "enable_annotations = "
                                + Toml.list(enabled.patterns())
                                + " in "
                                + where
                                + " does not admit it";
        if (row.isEmpty()) {
            return Problem.error(
                    new Location.Annotation(key),
                    "the annotation is not enabled",
                    why,
                    "remove it: no annotation of that name exists" + suggestion(key));
        }
        List<String> patterns = new ArrayList<>(enabled.patterns());
        patterns.addAll(missing);
        return Problem.error(
                new Location.Annotation(key),
                "the annotation is not enabled",
                why,
                "to enable it, write in [hypervisor."
                        + runtime.hypervisorType()
                        + "] of "
                        + (runtime.files().isEmpty()
                                ? "a configuration of your own (kumite config template prints one)"
                                : "that file")
                        + ": enable_annotations = "
                        + Toml.list(patterns)
                        + " and let the container manager forward it (containerd: pod_annotations ="
                        + " [\"io.katacontainers.*\"] of the runtime; CRI-O: allowed_annotations)");
    }

    /** The name alone if it admits nothing else, so that the line stays easy to read. */
    private static String patternFor(String name, AnnotationPolicy policy) {
        boolean alone =
                policy == AnnotationPolicy.STRICT
                        || AnnotationTable.names(AnnotationTable.HYPERVISOR).stream()
                                .noneMatch(other -> !other.equals(name) && other.contains(name));
        return alone ? name : "^" + name + "$";
    }

    /** {@return the warning for an annotation of Kata's that nobody knows} */
    static Problem unknown(String key) {
        return Problem.warning(
                new Location.Annotation(key),
                "nothing reads the annotation",
                "it has no effect",
                "remove it or correct its name" + suggestion(key));
    }

    private static String suggestion(String key) {
        for (String prefix :
                List.of(
                        AnnotationTable.HYPERVISOR,
                        AnnotationTable.RUNTIME,
                        AnnotationTable.AGENT)) {
            if (key.startsWith(prefix)) {
                return hint(prefix, key.substring(prefix.length()));
            }
        }
        return hint("", key);
    }

    /**
     * Names are compared without the prefix that they share: that is shorter, and an accidental
     * match is rarer.
     */
    private static String hint(String prefix, String name) {
        return DidYouMean.closest(name, AnnotationTable.names(prefix))
                .map(close -> "; did you mean " + prefix + close + "?")
                .orElse("");
    }
}
