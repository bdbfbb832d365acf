package dev.kumite.config;

import dev.kumite.oci.Device;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Location;
import dev.kumite.oci.Mount;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Process;
import dev.kumite.oci.Root;
import dev.kumite.oci.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** {@return the plan without what the problems refuse} */
    Plan plan(Spec spec, PlanRequest request, List<Problem> problems) {
        Spec mended = mend(spec, problems);
        // each key that is removed lets the next one decide the type, and that may be wrong too
        for (Outcome<ContainerType> type = ContainerType.of(mended);
                type.isRefused();
                type = ContainerType.of(mended)) {
            mended = mend(mended, type.problems());
        }
        Optional<Plan> plan = planner.plan(mended, request).value();
        if (plan.isPresent()) {
            return plan.get();
        }
        // what is left is the configuration's fault, or the missing id of a sandbox
        List<Problem> ignored = new ArrayList<>();
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
        List<String> pointers = new ArrayList<>();
        for (Problem problem : problems) {
            if (problem.isError() && problem.where() instanceof Location.Annotation(String key)) {
                annotations.remove(key);
            } else if (problem.isError() && problem.where() instanceof Location.Text text) {
                pointers.add(text.path());
            }
        }
        List<Mount> mounts = new ArrayList<>();
        for (int i = 0; i < spec.mounts().size(); i++) {
            Mount mount = spec.mounts().get(i);
            // in place of a source that is not there; left out, it would shift all that follow
            mounts.add(
                    isNamed(pointers, "/mounts/" + i)
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
                Optional.of(withDevices(spec.linux().orElse(Linux.empty()), pointers)),
                spec.vm());
    }

    private static Linux withDevices(Linux linux, List<String> pointers) {
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < linux.devices().size(); i++) {
            if (!isNamed(pointers, "/linux/devices/" + i)) {
                devices.add(linux.devices().get(i));
            }
        }
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

    private static boolean isNamed(List<String> pointers, String pointer) {
        return pointers.stream()
                .anyMatch(path -> path.equals(pointer) || path.startsWith(pointer + "/"));
    }
}
