package dev.kumite.config;

import dev.kumite.config.Explanation.AnnotationVerdict;
import dev.kumite.config.Explanation.Entry;
import dev.kumite.config.Explanation.Section;
import dev.kumite.config.Explanation.Value;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;

/** Makes explanations for tests, and finds what stands in them. */
final class Explained {

    static final String LIMITS =
            "\"linux\":{\"resources\":{\"cpu\":{\"quota\":50000,\"period\":100000},"
                    + "\"memory\":{\"limit\":67108864}}}";

    private Explained() {}

    static Explanation explain(Spec spec) {
        return explain(TestRuntime.open(), spec);
    }

    static Explanation explain(RuntimeConfig runtime, Spec spec) {
        return explain(runtime, spec, new FakeHost());
    }

    static Explanation explain(RuntimeConfig runtime, Spec spec, Host host) {
        Outcome<Plan> outcome =
                SandboxPlanner.of(runtime, host, BuildConstants.PACKAGED)
                        .plan(spec, TestRuntime.REQUEST);
        return Explainer.of(runtime, host, BuildConstants.PACKAGED)
                .explain(spec, TestRuntime.REQUEST, outcome);
    }

    static Section section(Explanation explanation, String title) {
        return explanation.sections().stream()
                .filter(one -> one.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    static Entry entry(Explanation explanation, String title, String name) {
        return section(explanation, title).entries().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static AnnotationVerdict annotation(Explanation explanation, String key) {
        return explanation.annotations().stream()
                .filter(one -> one.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    static Value value(Explanation explanation, String field) {
        return explanation.values().stream()
                .filter(one -> one.field().equals(field))
                .findFirst()
                .orElseThrow();
    }

    static RuntimeConfig setting(Field<RuntimeFields, Boolean> field) {
        RuntimeConfig runtime = TestRuntime.open();
        return TestRuntime.with(
                runtime,
                runtime.settings().toBuilder()
                        .set(
                                field,
                                true,
                                new Origin.Configuration(
                                        "/etc/kata/configuration.toml", 90, 1, "runtime.x"))
                        .build());
    }

    static RuntimeConfig with(Settings.Builder<HypervisorConfig> vm) {
        return TestRuntime.with(vm.build(), AnnotationPolicy.KATA, ".*");
    }
}
