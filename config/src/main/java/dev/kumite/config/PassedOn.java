package dev.kumite.config;

import dev.kumite.config.Explanation.Value;
import dev.kumite.config.PlanDifference.Difference;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Namespace;
import dev.kumite.oci.Process;
import dev.kumite.oci.Seccomp;
import dev.kumite.oci.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of a specification reaches the guest, or a hook, without being part of the plan. */
final class PassedOn {

    /** The name that such values have in front of their place in the specification. */
    static final String PREFIX = "OCI";

    private static final String NOT_SET = "not set";

    private PassedOn() {}

    private record Part(String pointer, Object value, String words) {}

    /** {@return how the two specifications differ in what the plan does not hold} */
    static List<Difference> differences(Spec left, Spec right) {
        List<Part> first = parts(left);
        List<Part> second = parts(right);
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            if (!first.get(i).value().equals(second.get(i).value())) {
                String why =
                        first.get(i).words().equals(second.get(i).words())
                                ? "they differ in detail"
                                : "";
                differences.add(
                        new Difference.Changed(value(first.get(i)), value(second.get(i)), why));
            }
        }
        List<String> leftOrder = left.mounts().stream().map(mount -> mount.destination()).toList();
        List<String> rightOrder =
                right.mounts().stream().map(mount -> mount.destination()).toList();
        if (!leftOrder.equals(rightOrder)
                && leftOrder.stream()
                        .sorted()
                        .toList()
                        .equals(rightOrder.stream().sorted().toList())) {
            differences.add(
                    new Difference.Changed(
                            new Value(
                                    "ContainerConfig.Mounts order",
                                    leftOrder,
                                    new Origin.SpecPath("/mounts"),
                                    ""),
                            new Value(
                                    "ContainerConfig.Mounts order",
                                    rightOrder,
                                    new Origin.SpecPath("/mounts"),
                                    ""),
                            "a later mount can hide an earlier one"));
        }
        return differences;
    }

    private static Value value(Part part) {
        return new Value(
                PREFIX + part.pointer(), part.words(), new Origin.SpecPath(part.pointer()), "");
    }

    private static List<Part> parts(Spec spec) {
        List<Part> parts = new ArrayList<>();
        process(spec.process().orElse(Process.empty()), parts);
        parts.add(new Part("/hooks", spec.hooks(), spec.hooks().isPresent() ? "hooks" : "none"));
        linux(spec.linux().orElse(Linux.empty()), parts);
        return parts;
    }

    private static void process(Process process, List<Part> parts) {
        List<String> limits = new ArrayList<>();
        for (Process.Rlimit limit : process.rlimits()) {
            limits.add(limit.type() + "=" + limit.soft() + ":" + limit.hard());
        }
        Optional<Long> umask = process.user().umask();
        parts.add(new Part("/process/rlimits", process.rlimits(), list(limits)));
        parts.add(
                new Part(
                        "/process/oomScoreAdj",
                        process.oomScoreAdj(),
                        number(process.oomScoreAdj())));
        parts.add(text("/process/apparmorProfile", process.apparmorProfile()));
        parts.add(text("/process/selinuxLabel", process.selinuxLabel()));
        parts.add(
                new Part(
                        "/process/user/umask",
                        umask,
                        umask.map(Long::toOctalString).orElse(NOT_SET)));
    }

    private static void linux(Linux linux, List<Part> parts) {
        List<String> namespaces = new ArrayList<>();
        for (Namespace namespace : linux.namespaces()) {
            namespaces.add(
                    namespace.type() + (namespace.path().isEmpty() ? "" : "=" + namespace.path()));
        }
        List<String> sysctl = new ArrayList<>();
        linux.sysctl().forEach((key, value) -> sysctl.add(key + "=" + value));
        Object mappings = List.of(linux.uidMappings(), linux.gidMappings());
        String seccomp = linux.seccomp().map(PassedOn::seccomp).orElse("none");
        parts.add(new Part("/linux/namespaces", linux.namespaces(), list(namespaces)));
        parts.add(new Part("/linux/seccomp", linux.seccomp(), seccomp));
        parts.add(new Part("/linux/maskedPaths", linux.maskedPaths(), list(linux.maskedPaths())));
        parts.add(
                new Part(
                        "/linux/readonlyPaths",
                        linux.readonlyPaths(),
                        list(linux.readonlyPaths())));
        parts.add(new Part("/linux/sysctl", linux.sysctl(), list(sysctl)));
        parts.add(text("/linux/cgroupsPath", linux.cgroupsPath()));
        parts.add(text("/linux/rootfsPropagation", linux.rootfsPropagation()));
        parts.add(
                new Part(
                        "/linux/uidMappings",
                        mappings,
                        linux.uidMappings().isEmpty() ? "none" : "mapped"));
    }

    private static Part text(String pointer, String text) {
        return new Part(pointer, text, text.isEmpty() ? NOT_SET : text);
    }

    private static String number(Optional<Long> number) {
        return number.map(Object::toString).orElse(NOT_SET);
    }

    private static String seccomp(Seccomp seccomp) {
        return Wording.count(seccomp.syscalls().size(), "rule")
                + ", "
                + seccomp.defaultAction()
                + " for all other calls";
    }

    private static String list(List<String> texts) {
        return texts.isEmpty() ? "none" : String.join(" ", texts);
    }
}
