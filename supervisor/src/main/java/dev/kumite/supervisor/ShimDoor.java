package dev.kumite.supervisor;

import dev.kumite.shim.Shim;
import dev.kumite.shim.ShimCall;
import java.nio.file.Path;
import java.util.List;

/** Answers containerd's calls of the shim binary, which are {@code kumite --root R shim ...}. */
final class ShimDoor {

    private static final int VERB = 2;

    private ShimDoor() {}

    /** {@return whether the caller is the shim binary} */
    static boolean isMeant(Caller caller) {
        List<String> arguments = caller.arguments();
        return arguments.size() > VERB
                && arguments.get(0).equals("--root")
                && arguments.get(VERB).equals("shim");
    }

    static void answer(Shim shim, Caller caller) {
        ShimCall call =
                ShimCall.parse(caller.arguments().subList(VERB + 1, caller.arguments().size()));
        Path bundle = caller.resolve(call.bundle().orElse("."));
        switch (call.action()) {
            case START -> {
                caller.requireSharedMounts();
                caller.print(shim.start(call, bundle, caller::environment));
            }
            case DELETE -> caller.print(shim.delete(call, bundle));
        }
    }
}
