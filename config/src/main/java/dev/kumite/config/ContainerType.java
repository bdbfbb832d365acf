package dev.kumite.config;

import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a container is to its sandbox, as the annotations of its container manager say.
 *
 * <p>Source: Kata Containers, Go runtime, {@code oci.ContainerType} and {@code oci.SandboxID}.
 */
public enum ContainerType {
    /** A container of its own, in a sandbox of its own. */
    SINGLE_CONTAINER("single_container"),
    /** The first container of a pod, which makes the sandbox. */
    POD_SANDBOX("pod_sandbox"),
    /** A further container of a pod, in the pod's sandbox. */
    POD_CONTAINER("pod_container");

    /**
     * The keys that say the type, in the order in which they are asked; the first one present
     * decides.
     */
    private static final List<String> TYPE_KEYS =
            List.of(
                    AnnotationTable.CRI_CONTAINER_TYPE,
                    AnnotationTable.CRIO_CONTAINER_TYPE,
                    AnnotationTable.DOCKER_TYPE);

    /**
     * The keys that say the sandbox, in the order in which they are asked; the first one present
     * decides.
     */
    private static final List<String> SANDBOX_KEYS =
            List.of(
                    AnnotationTable.CRI_SANDBOX_ID,
                    AnnotationTable.CRIO_SANDBOX_ID,
                    AnnotationTable.DOCKER_SANDBOX_ID);

    private final String word;

    ContainerType(String word) {
        this.word = word;
    }

    /** {@return Kata's word for it} */
    public String word() {
        return word;
    }

    /** {@return the type that the specification's annotations say} */
    public static Outcome<ContainerType> of(Spec spec) {
        for (String key : TYPE_KEYS) {
            String value = spec.annotations().get(key);
            if (value != null) {
                return parse(value)
                        .map(type -> Outcome.of(type, List.of()))
                        .orElseGet(() -> Outcome.refused(List.of(unknown(key, value))));
            }
        }
        return Outcome.of(SINGLE_CONTAINER, List.of());
    }

    /** {@return the annotation that said the type, if one did} */
    public static Optional<String> decidingKey(Map<String, String> annotations) {
        return TYPE_KEYS.stream().filter(annotations::containsKey).findFirst();
    }

    /** {@return the id of the sandbox that the specification's annotations name} */
    public static Outcome<String> sandboxId(Spec spec) {
        for (String key : SANDBOX_KEYS) {
            String value = spec.annotations().get(key);
            if (value != null) {
                return Outcome.of(value, List.of());
            }
        }
        return Outcome.refused(
                List.of(
                        Problem.error(
                                new Location.Text("config.json", 0, 0, "/annotations"),
                                "no annotation says which sandbox the container joins",
                                "a container of a pod runs in its pod's virtual machine, and never outside it",
                                "the container manager must set one of "
                                        + String.join(", ", SANDBOX_KEYS))));
    }

    /** {@return whether CRI-O made the specification} */
    public static boolean isCrio(Spec spec) {
        String value = spec.annotations().get(AnnotationTable.CRIO_CONTAINER_TYPE);
        return "sandbox".equals(value) || "container".equals(value);
    }

    private static Optional<ContainerType> parse(String value) {
        return switch (value) {
            case "sandbox", "podsandbox" -> Optional.of(POD_SANDBOX);
            case "container" -> Optional.of(POD_CONTAINER);
            default -> Optional.empty();
        };
    }

    private static Problem unknown(String key, String value) {
        return Problem.error(
                new Location.Annotation(key),
                "unknown container type \"" + value + "\"",
                "it decides whether a virtual machine is made or joined",
                "the container manager must set it to sandbox, podsandbox or container");
    }
}
