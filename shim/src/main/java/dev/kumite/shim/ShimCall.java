package dev.kumite.shim;

import java.util.List;
import java.util.Optional;

/**
 * A call of the shim binary.
 *
 * @param action what is wanted
 * @param namespace containerd's
 * @param address where containerd listens
 * @param id the task's
 * @param bundle the bundle's directory, as it was given; empty with {@code start}, where it is the
 *     caller's directory
 */
public record ShimCall(
        Action action, String namespace, String address, String id, Optional<String> bundle) {

    /** What the binary is asked for. */
    public enum Action {
        /** Say where a task is served. */
        START,
        /** Remove what is left of a task. */
        DELETE
    }

    /**
     * {@return the call}
     *
     * @param arguments those of the binary
     * @throws ShimException USAGE
     */
    public static ShimCall parse(List<String> arguments) {
        String namespace = "";
        String address = "";
        String id = "";
        Optional<String> bundle = Optional.empty();
        Optional<Action> action = Optional.empty();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("-")) {
                action = Optional.of(action(argument));
                continue;
            }
            String flag = argument.startsWith("--") ? argument.substring(2) : argument.substring(1);
            if (flag.equals("debug")) {
                continue;
            }
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag : flag.substring(0, equals);
            if (equals < 0 && i + 1 == arguments.size()) {
                throw usage("flag -" + name + " has no value");
            }
            String value = equals < 0 ? arguments.get(++i) : flag.substring(equals + 1);
            switch (name) {
                case "namespace" -> namespace = value;
                case "address" -> address = value;
                case "id" -> id = value;
                case "bundle" -> bundle = Optional.of(value);
                // Events go to the address of the environment; a socket of our own is always made.
                case "publish-binary", "socket", "debug" -> {}
                default -> throw usage("unknown flag -" + name);
            }
        }
        if (namespace.isEmpty() || id.isEmpty()) {
            throw usage("-namespace and -id are needed");
        }
        return new ShimCall(
                action.orElseThrow(() -> usage("start or delete is needed")),
                namespace,
                address,
                id,
                bundle);
    }

    private static Action action(String word) {
        return switch (word) {
            case "start" -> Action.START;
            case "delete" -> Action.DELETE;
            default -> throw usage("unknown action \"" + word + "\"");
        };
    }

    private static ShimException usage(String what) {
        return ShimException.of(
                ShimException.Category.USAGE,
                what
                        + "; usage: containerd-shim-kumite-v2 -namespace N -address A -publish-binary P -id I"
                        + " [-bundle B] start|delete");
    }
}
