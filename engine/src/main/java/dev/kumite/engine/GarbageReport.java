package dev.kumite.engine;

import java.util.List;

/**
 * What {@link Engine#collectGarbage} did.
 *
 * @param released ids of the sandboxes whose owner was gone, and of which nothing is left now
 * @param inUse ids of the sandboxes whose owner lives; they were not touched
 * @param failures what could not be released, each in a line with its reason
 */
public record GarbageReport(List<String> released, List<String> inUse, List<String> failures) {
    public GarbageReport {
        released = List.copyOf(released);
        inUse = List.copyOf(inUse);
        failures = List.copyOf(failures);
    }
}
