package dev.kumite.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Short ways to look at outcomes. */
final class Problems {

    private Problems() {}

    /** {@return the value, which must be there without any problem} */
    static <T> T readValue(Outcome<T> outcome) {
        assertThat(outcome.problems()).isEmpty();
        return outcome.value().orElseThrow();
    }

    /** {@return the only problem, which must be an error} */
    static Problem onlyProblemOf(Outcome<?> outcome) {
        assertThat(outcome.isRefused()).isTrue();
        assertThat(outcome.problems()).hasSize(1);
        return outcome.problems().getFirst();
    }

    /** {@return the problems as people see them} */
    static List<String> linesOf(Outcome<?> outcome) {
        return outcome.problems().stream().map(Problem::describe).toList();
    }

    /** {@return the JSON pointers of the problems} */
    static List<String> pathsOf(Outcome<?> outcome) {
        return outcome.problems().stream()
                .map(problem -> ((Location.Text) problem.where()).path())
                .toList();
    }
}
