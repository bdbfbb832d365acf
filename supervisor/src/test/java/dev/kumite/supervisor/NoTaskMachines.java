package dev.kumite.supervisor;

import dev.kumite.engine.ContainerRequest;
import dev.kumite.shim.ShimException;
import dev.kumite.shim.TaskMachines;
import java.util.Optional;
import java.util.function.Function;

/** Makes no task, for tests of how the shim binary is answered. */
final class NoTaskMachines implements TaskMachines {

    @Override
    public Guest make(
            ContainerRequest request,
            Optional<String> configuration,
            Function<String, Optional<String>> environment) {
        throw ShimException.of(ShimException.Category.MACHINE, "no machines here");
    }

    @Override
    public Optional<Guest> takeOver(String sandbox, String container) {
        return Optional.empty();
    }
}
