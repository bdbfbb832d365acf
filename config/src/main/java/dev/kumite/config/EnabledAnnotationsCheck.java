package dev.kumite.config;

import dev.kumite.oci.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for patterns of {@code enable_annotations} that do not do what their author probably
 * thinks.
 */
final class EnabledAnnotationsCheck {

    private EnabledAnnotationsCheck() {}

    static void check(RuntimeConfig config, LoadContext context) {
        EnabledAnnotations enabled = config.enabledAnnotations();
        List<String> names = AnnotationTable.hypervisorNames();
        for (String pattern : enabled.patterns()) {
            if (!enabled.isValid(pattern)) {
                warn(
                        context,
                        enabled,
                        pattern,
                        enabled.exceedsBound()
                                ? "all patterns together are too large, so it admits nothing"
                                : "it is no valid regular expression (RE2), so it admits nothing",
                        "correct or remove it");
            } else if (pattern.isEmpty()) {
                checkEmpty(context, enabled);
            } else {
                check(context, enabled, pattern, names);
            }
        }
    }

    private static void checkEmpty(LoadContext context, EnabledAnnotations enabled) {
        switch (enabled.policy()) {
            case KATA ->
                    warn(
                            context,
                            enabled,
                            "",
                            "it matches every name, so a pod may use all annotations",
                            "name the annotations that pods may use");
            case STRICT -> warn(context, enabled, "", "it matches no name", "remove it");
        }
    }

    private static void check(
            LoadContext context, EnabledAnnotations enabled, String pattern, List<String> names) {
        List<String> admitted = new ArrayList<>();
        for (String name : names) {
            if (enabled.admits(pattern, name)) {
                admitted.add(name);
            }
        }
        // Differs from kata: it says nothing
        if (admitted.isEmpty() && !isForOthers(enabled, pattern)) {
            Optional<String> closest = DidYouMean.closest(pattern, names);
            warn(
                    context,
                    enabled,
                    pattern,
                    "it matches the name of no annotation",
                    closest.map(name -> "did you mean \"" + name + "\"?")
                            .orElse("correct or remove it"));
        } else if (admitted.size() > 1 && admitted.remove(pattern)) {
            warn(
                    context,
                    enabled,
                    pattern,
                    "it need not match a whole name, and also admits "
                            + String.join(", ", admitted),
                    "write \"^"
                            + pattern
                            + "$\" to admit only that, or annotation_policy = \"strict\" in [runtime]");
        }
    }

    /** Under the strict policy patterns admit agent and runtime annotations too. */
    private static boolean isForOthers(EnabledAnnotations enabled, String pattern) {
        return enabled.policy() == AnnotationPolicy.STRICT
                && (pattern.contains("agent") || pattern.contains("runtime"));
    }

    private static void warn(
            LoadContext context,
            EnabledAnnotations enabled,
            String pattern,
            String why,
            String fix) {
        Location where = enabled.governedBy();
        context.warn(where, "enable_annotations has \"" + Toml.excerpt(pattern) + "\"", why, fix);
    }
}
