package dev.kumite.oci;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What came of reading or planning: a value, or the errors that refuse it; with either, all
 * warnings.
 *
 * @param value present exactly if no problem is an error
 * @param problems in the order of the input
 * @param <T> the type of the value
 */
public record Outcome<T>(Optional<T> value, List<Problem> problems) {

    public Outcome {
        problems = List.copyOf(problems);
        if (value.isPresent() == hasError(problems)) {
            throw new IllegalArgumentException(
                    "an outcome has either a value or an error: " + problems);
        }
    }

    /** {@return {@code value} if no problem is an error, else no value} */
    public static <T> Outcome<T> of(T value, List<Problem> problems) {
        return new Outcome<>(hasError(problems) ? Optional.empty() : Optional.of(value), problems);
    }

    /**
     * {@return an outcome without a value}
     *
     * @param problems at least one of them an error
     */
    public static <T> Outcome<T> refused(List<Problem> problems) {
        return new Outcome<>(Optional.empty(), problems);
    }

    /** {@return whether the input was refused} */
    public boolean isRefused() {
        return value.isEmpty();
    }

    /** {@return the problems that refuse the input} */
    public List<Problem> errors() {
        return problems.stream().filter(Problem::isError).toList();
    }

    /** {@return the problems that leave the input usable} */
    public List<Problem> warnings() {
        return problems.stream().filter(problem -> !problem.isError()).toList();
    }

    /**
     * {@return the value}
     *
     * @param failure makes the exception to throw if the input was refused, from all problems
     */
    public <X extends RuntimeException> T orElseThrow(Function<List<Problem>, X> failure) {
        if (value.isEmpty()) {
            throw failure.apply(problems);
        }
        return value.get();
    }

    private static boolean hasError(List<Problem> problems) {
        for (Problem problem : problems) {
            if (problem.isError()) {
                return true;
            }
        }
        return false;
    }
}
