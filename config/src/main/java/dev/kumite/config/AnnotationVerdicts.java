package dev.kumite.config;

import dev.kumite.config.AnnotationKey.Kind;
import dev.kumite.config.Explanation.AnnotationVerdict;
import dev.kumite.config.Explanation.Fate;
import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Says what became of each annotation. Confined to one thread. */
final class AnnotationVerdicts {

    private final Plan plan;
    private final Set<String> removed;
    private final Map<String, Problem> refused = new HashMap<>();

    /**
     * @param plan made with all annotations that are not refused
     * @param removed the keys of those that are refused, as far as the problems do not say
     * @param problems of the plan that was asked for
     */
    AnnotationVerdicts(Plan plan, Set<String> removed, List<Problem> problems) {
        this.plan = plan;
        this.removed = removed;
        for (Problem problem : problems) {
            if (problem.isError() && problem.where() instanceof Location.Annotation(String key)) {
                refused.putIfAbsent(key, problem);
            }
        }
    }

    List<AnnotationVerdict> of(Spec spec) {
        List<AnnotationVerdict> verdicts = new ArrayList<>(spec.annotations().size());
        for (Map.Entry<String, String> annotation : spec.annotations().entrySet()) {
            verdicts.add(of(annotation.getKey(), annotation.getValue()));
        }
        return verdicts;
    }

    private AnnotationVerdict of(String key, String value) {
        Problem problem = refused.get(key);
        if (problem != null) {
            return new AnnotationVerdict(key, value, Fate.REFUSED, reason(problem));
        }
        if (removed.contains(key)) {
            return new AnnotationVerdict(
                    key, value, Fate.REFUSED, "it is one of more than can be listed");
        }
        Optional<AnnotationKey> row = AnnotationTable.find(key);
        if (row.isEmpty()) {
            return key.startsWith(AnnotationTable.PREFIX)
                    ? new AnnotationVerdict(
                            key, value, Fate.WITHOUT_EFFECT, "no annotation of that name exists")
                    : new AnnotationVerdict(key, value, Fate.NOT_KATA, "");
        }
        return switch (row.get().kind()) {
            case Kind.NoEffect kind ->
                    new AnnotationVerdict(key, value, Fate.WITHOUT_EFFECT, kind.why());
            case Kind.ReadElsewhere kind ->
                    new AnnotationVerdict(
                            key,
                            value,
                            Fate.READ_ELSEWHERE,
                            row.get().meaning() + " (" + kind.by() + ")");
            case Kind.Bool _,
                    Kind.Uint32 _,
                    Kind.Unsigned64 _,
                    Kind.Word _,
                    Kind.Text _,
                    Kind.AllowedPath _,
                    Kind.KernelParams _,
                    Kind.JsonStrings _,
                    Kind.Separated _,
                    Kind.BinaryQuantity _,
                    Kind.Features _,
                    Kind.Model _,
                    Kind.Vfio _,
                    Kind.Asset _,
                    Kind.AssetHash _ ->
                    setting(row.get(), value);
        };
    }

    private AnnotationVerdict setting(AnnotationKey row, String value) {
        String key = row.key();
        return switch (plan) {
            case Plan.JoinSandbox _ ->
                    new AnnotationVerdict(
                            key,
                            value,
                            Fate.WITHOUT_EFFECT,
                            "the machine is made with the pod's sandbox; a container that joins it changes no setting");
            case Plan.NewSandbox made -> {
                if (made.sandbox().annotations().containsKey(key)) {
                    yield new AnnotationVerdict(key, value, Fate.HONOURED, "sets " + row.meaning());
                }
                Optional<Field<?, ?>> field = row.kind().target();
                if (field.isPresent() && isSetBy(made.sandbox(), field.get(), key)) {
                    yield new AnnotationVerdict(
                            key,
                            value,
                            Fate.HONOURED,
                            "sets " + field.get() + " (" + row.meaning() + ")");
                }
                yield new AnnotationVerdict(
                        key,
                        value,
                        Fate.WITHOUT_EFFECT,
                        "with this value it leaves the setting as it is configured");
            }
        };
    }

    private static boolean isSetBy(SandboxConfig sandbox, Field<?, ?> field, String key) {
        return isSetBy(sandbox.settings(), field, key)
                || isSetBy(sandbox.hypervisorConfig(), field, key)
                || isSetBy(sandbox.agentConfig(), field, key)
                || isSetBy(sandbox.networkConfig(), field, key)
                || isSetBy(sandbox.sandboxResources(), field, key);
    }

    private static <S> boolean isSetBy(Settings<S> settings, Field<?, ?> wanted, String key) {
        for (Field<S, ?> field : settings.schema().fields()) {
            if (field == wanted) {
                return comesFrom(settings.origin(field), key);
            }
        }
        return false;
    }

    private static boolean comesFrom(Origin origin, String key) {
        return switch (origin) {
            case Origin.Annotation annotation -> annotation.key().equals(key);
            case Origin.Rule rule -> rule.from().stream().anyMatch(from -> comesFrom(from, key));
            case Origin.BuiltIn _, Origin.Configuration _, Origin.SpecPath _, Origin.Argument _ ->
                    false;
        };
    }

    private static String reason(Problem problem) {
        return problem.why().isEmpty() ? problem.what() : problem.why();
    }
}
