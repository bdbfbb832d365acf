package dev.kumite.config;

import dev.kumite.oci.Device;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Location;
import dev.kumite.oci.Mount;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.ProblemList;
import dev.kumite.oci.Process;
import dev.kumite.oci.Root;
import dev.kumite.oci.Spec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Finds out what can be found out about a specification that is refused: the plan that there would
 * be without what is wrong with it. That plan is for reading and must never be carried out.
 */
final class Salvage {

    private final SandboxPlanner planner;
    private final RuntimeConfig runtime;

    Salvage(SandboxPlanner planner, RuntimeConfig runtime) {
        this.planner = planner;
        this.runtime = runtime;
    }

    /**
     * {@return the plan without what the problems refuse}
     *
     * @param refused the keys of all annotations that are refused where a sandbox is made
     * @param problems as many as are listed
     */
    Plan plan(Spec spec, PlanRequest request, Set<String> refused, List<Problem> problems) {
        Spec mended = mend(spec, problems);
        // each key that is removed lets the next one decide the type, and that may be wrong too
        for (Outcome<ContainerType> type = ContainerType.of(mended);
                type.isRefused();
                type = ContainerType.of(mended)) {
            mended = mend(mended, type.problems());
        }
        if (ContainerType.of(mended).value().orElseThrow() != ContainerType.POD_CONTAINER) {
            mended = without(mended, refused);
        }
        Optional<Plan> plan = planner.plan(mended, request).value();
        if (plan.isPresent()) {
            return plan.get();
        }
        // what is left is the configuration's fault, or the missing id of a sandbox
        ProblemList ignored = new ProblemList();
        ContainerConfig container =
                ContainerPlanner.plan(mended, request, UnaryOperator.identity(), ignored)
                        .orElseThrow();
        if (ContainerType.of(mended).value().orElseThrow() == ContainerType.POD_CONTAINER) {
            return new Plan.JoinSandbox("", container);
        }
        SandboxDraft draft = new SandboxDraft(runtime);
        draft.set(SandboxFields.ID, request.id(), new Origin.Argument("--id"));
        return new Plan.NewSandbox(
                ContainerType.of(mended).value().orElseThrow(), draft.build(container));
    }

    private static Spec mend(Spec spec, List<Problem> problems) {
        Map<String, String> annotations = new LinkedHashMap<>(spec.annotations());
        Set<String> pointers = new HashSet<>();
        for (Problem problem : problems) {
            if (problem.isError() && problem.where() instanceof Location.Annotation(String key)) {
                annotations.remove(key);
            } else if (problem.isError() && problem.where() instanceof Location.Text text) {
                pointers.add(item(text.path()));
            }
        }
        List<Mount> mounts = new ArrayList<>();
        for (int i = 0; i < spec.mounts().size(); i++) {
            Mount mount = spec.mounts().get(i);
            // in place of a source that is not there; left out, it would shift all that follow
            mounts.add(
                    pointers.contains("/mounts/" + i)
                            ? Mount.of(mount.destination(), "tmpfs", "tmpfs", List.of())
                            : mount);
        }
        return new Spec(
                spec.ociVersion(),
                Optional.of(spec.process().orElse(Process.empty())),
                Optional.of(spec.root().orElse(new Root("", false))),
                spec.hostname(),
                spec.domainname(),
                mounts,
                spec.hooks(),
                annotations,
                Optional.of(withValidDevices(spec.linux().orElse(Linux.empty()))),
                spec.vm());
    }

    private static Linux withValidDevices(Linux linux) {
        List<Device> devices = linux.devices().stream().filter(ContainerPlanner::isValid).toList();
        return new Linux(
                linux.uidMappings(),
                linux.gidMappings(),
                linux.sysctl(),
                linux.resources(),
                linux.cgroupsPath(),
                linux.namespaces(),
                devices,
                linux.seccomp(),
                linux.rootfsPropagation(),
                linux.maskedPaths(),
                linux.readonlyPaths(),
                linux.mountLabel(),
                linux.intelRdt(),
                linux.personality(),
                linux.timeOffsets());
    }

    private static Spec without(Spec spec, Set<String> keys) {
        if (keys.isEmpty()) {
            return spec;
        }
        Map<String, String> annotations = new LinkedHashMap<>(spec.annotations());
        annotations.keySet().removeAll(keys);
        return new Spec(
                spec.ociVersion(),
                spec.process(),
                spec.root(),
                spec.hostname(),
                spec.domainname(),
                spec.mounts(),
                spec.hooks(),
                annotations,
                spec.linux(),
                spec.vm());
    }

    /** {@return the first two names of a pointer: those of a list and of its item} */
    private static String item(String pointer) {
        int second = pointer.indexOf('/', 1);
        int third = second < 0 ? -1 : pointer.indexOf('/', second + 1);
        return third < 0 ? pointer : pointer.substring(0, third);
    }
}
