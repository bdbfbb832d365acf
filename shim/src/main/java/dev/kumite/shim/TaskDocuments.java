package dev.kumite.shim;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumite.engine.ProcessSpec;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Process;
import dev.kumite.oci.Resources;
import dev.kumite.oci.SpecReader;
import dev.kumite.shim.messages.ExecProcessRequest;
import dev.kumite.shim.messages.Options;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the documents that containerd's messages carry. */
final class TaskDocuments {

    /** The CRI's and ctr's type; older versions have a prefix. */
    private static final String OPTIONS = "runtimeoptions.v1.Options";

    private TaskDocuments() {}

    /**
     * {@return the file of the configuration that a runtime's options name} Options of another type
     * are passed over: containerd has them for runc only.
     *
     * @throws ShimException USAGE if they cannot be read
     */
    static Optional<String> configuration(Any options) {
        if (!options.getTypeUrl().endsWith(OPTIONS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Options.parseFrom(options.getValue()).getConfigPath())
                    .filter(path -> !path.isEmpty());
        } catch (InvalidProtocolBufferException damaged) {
            throw ShimException.of(
                    ShimException.Category.USAGE,
                    "the runtime's options cannot be read: " + damaged.getMessage(),
                    damaged);
        }
    }

    /** {@return the program of an exec} */
    static ProcessSpec program(ExecProcessRequest request) {
        Process process =
                value(SpecReader.readProcess(request.getSpec().getValue().toByteArray(), "exec"));
        if (process.args().isEmpty()) {
            throw ShimException.of(ShimException.Category.USAGE, "exec: a program is missing");
        }
        return ProcessSpec.of(
                request.getTerminal() ? process.withTerminal(process.consoleSize()) : process);
    }

    /** {@return the limits of an update} */
    static Resources limits(Any document) {
        return value(SpecReader.readResources(document.getValue().toByteArray(), "update"));
    }

    private static <T> T value(Outcome<T> outcome) {
        return outcome.value()
                .orElseThrow(() ->
                        ShimException.of(
                                ShimException.Category.USAGE,
                                outcome.errors().stream()
                                        .map(Problem::describe)
                                        .collect(Collectors.joining("; "))));
    }
}
