package dev.kumite.engine;

import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.RuntimeFields;
import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a configuration asks for about traces and does not get. */
public final class TraceFindings {

    private TraceFindings() {}

    /**
     * {@return warnings, none if traces go where they should, or if nobody asks for any}
     *
     * @param environment variables by name, of whoever will ask for sandboxes
     */
    public static List<Problem> of(
            RuntimeConfig runtime, Function<String, Optional<String>> environment) {
        return switch (TraceTarget.of(runtime, environment)) {
            case TraceTarget.Nowhere(Problem problem) -> List.of(problem);
            case TraceTarget.Collector _ -> List.of();
            case TraceTarget.Off _
                    when !runtime.settings().get(RuntimeFields.JAEGER_ENDPOINT).isEmpty() ->
                    List.of(
                            Problem.warning(
                                    new Location.Argument("jaeger_endpoint"),
                                    "jaeger_endpoint has no effect",
                                    "enable_tracing in [runtime] is false",
                                    "set enable_tracing = true, or remove it"));
            case TraceTarget.Off _ -> List.of();
        };
    }
}
