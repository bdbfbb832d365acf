package dev.kumite.config;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a virtual machine costs its host beyond the limits of the containers in it: an estimate, to
 * be compared with {@code overhead.podFixed} of a Kubernetes RuntimeClass. Everything is in MiB.
 *
 * @param figures what is counted; none if there is no machine of its own
 * @param notes what to know about the figures, in sentences
 */
public record Overhead(List<Figure> figures, List<String> notes) {

    public Overhead {
        figures = List.copyOf(figures);
        notes = List.copyOf(notes);
    }

    /** {@return what is to be expected of an idle machine, in MiB} */
    public long usualMib() {
        return figures.stream().mapToLong(Figure::usualMib).sum();
    }

    /** {@return what it can come to, in MiB} */
    public long mostMib() {
        return figures.stream().mapToLong(Figure::mostMib).sum();
    }

    /**
     * One part of the cost.
     *
     * @param name of what costs it
     * @param usualMib what is to be expected
     * @param mostMib what it can come to
     * @param basis how the figures were found
     */
    public record Figure(String name, long usualMib, long mostMib, String basis) {
        public Figure {
            requireNonNull(name, "name is null");
            requireNonNull(basis, "basis is null");
        }
    }
}
