package dev.kumite.config;

import static java.util.Objects.requireNonNull;

import dev.kumite.oci.Problem;
import dev.kumite.oci.Uint64;
import java.util.List;

/**
 * What a plan means and why it is as it is, for people and programs. Made by an {@link Explainer};
 * how it is laid out on paper or screen is left to others.
 *
 * @param summary what will happen
 * @param sections the story of the plan, in the order in which it is told
 * @param values every value of the plan that is not zero, with its origin
 * @param annotations every annotation of the specification and what became of it
 * @param overhead what the machine costs the host, by estimate
 * @param problems what is wrong or worth knowing, in the order of the input
 */
public record Explanation(
        Summary summary,
        List<Section> sections,
        List<Value> values,
        List<AnnotationVerdict> annotations,
        Overhead overhead,
        List<Problem> problems) {

    /** Stands for a value that nobody is to read. */
    public static final String MASK = "********";

    public Explanation {
        requireNonNull(summary, "summary is null");
        sections = List.copyOf(sections);
        values = List.copyOf(values);
        annotations = List.copyOf(annotations);
        requireNonNull(overhead, "overhead is null");
        problems = List.copyOf(problems);
    }

    /** {@return how many of the values nobody asked for} */
    public long defaults() {
        return values.stream().filter(value -> isDefault(value.origin())).count();
    }

    /**
     * {@return whether nobody asked for a value of this origin: it is built in, or computed from
     * what is}
     */
    public static boolean isDefault(Origin origin) {
        return switch (origin) {
            case Origin.BuiltIn _ -> true;
            case Origin.Configuration(String file, _, _, _) ->
                    file.equals(ConfigurationFiles.BUILT_IN);
            case Origin.Rule(_, List<Origin> from) ->
                    !from.isEmpty() && from.stream().allMatch(Explanation::isDefault);
            case Origin.Annotation _, Origin.SpecPath _, Origin.Argument _ -> false;
        };
    }

    /** What becomes of a container. */
    public enum Verdict {
        /** A virtual machine is made. */
        NEW_SANDBOX("new-sandbox"),
        /** The container joins a virtual machine that is there. */
        JOIN_SANDBOX("join-sandbox"),
        /** Nothing happens, because something is wrong. */
        REFUSED("refused");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /** {@return the word for it in machine-readable output; it does not change} */
        public String word() {
            return word;
        }
    }

    /**
     * What will happen.
     *
     * @param verdict in one word
     * @param headline in one line, without a full stop
     * @param text in a few sentences
     */
    public record Summary(Verdict verdict, String headline, String text) {
        public Summary {
            requireNonNull(verdict, "verdict is null");
            requireNonNull(headline, "headline is null");
            requireNonNull(text, "text is null");
        }
    }

    /**
     * One subject.
     *
     * @param title a few words
     * @param lead what there is to know, in sentences; may be empty
     * @param entries the values behind it; may be none
     */
    public record Section(String title, String lead, List<Entry> entries) {
        public Section {
            requireNonNull(title, "title is null");
            requireNonNull(lead, "lead is null");
            entries = List.copyOf(entries);
        }
    }

    /**
     * One value of a section.
     *
     * @param name as Kata Containers calls it, or a path in the container
     * @param value for people, with its unit
     * @param origin where it comes from
     * @param meaning what the field is for; may be empty
     * @param note what to know about this very value; may be empty
     */
    public record Entry(String name, String value, Origin origin, String meaning, String note) {
        public Entry {
            requireNonNull(name, "name is null");
            requireNonNull(value, "value is null");
            requireNonNull(origin, "origin is null");
            requireNonNull(meaning, "meaning is null");
            requireNonNull(note, "note is null");
        }
    }

    /**
     * One value of the plan.
     *
     * @param field its full name, such as {@code HypervisorConfig.MemorySize}
     * @param value a {@code String}, {@code Boolean}, {@code Long}, {@link Uint64} or list of
     *     {@code String}
     * @param origin where it comes from
     * @param meaning what the field is for; may be empty
     */
    public record Value(String field, Object value, Origin origin, String meaning) {
        public Value {
            requireNonNull(field, "field is null");
            requireNonNull(origin, "origin is null");
            requireNonNull(meaning, "meaning is null");
            value =
                    switch (value) {
                        case String text -> text;
                        case Boolean flag -> flag;
                        case Long number -> number;
                        case Uint64 number -> number;
                        case List<?> texts -> List.copyOf(texts);
                        default ->
                                throw new IllegalArgumentException(
                                        field + " has a value of " + value.getClass());
                    };
        }
    }

    /** What became of an annotation. */
    public enum Fate {
        /** The plan is as it asks. */
        HONOURED("honoured"),
        /** It is the reason, or one of the reasons, why there is no plan. */
        REFUSED("refused"),
        /** It is Kata's, but changes nothing here. */
        WITHOUT_EFFECT("without-effect"),
        /**
         * It is known, and read by something else or for something else than the machine's
         * settings.
         */
        READ_ELSEWHERE("read-elsewhere"),
        /** It is nothing that Kata Containers or Kumite know; the container keeps it. */
        NOT_KATA("not-kata");

        private final String word;

        Fate(String word) {
            this.word = word;
        }

        /** {@return the word for it in machine-readable output; it does not change} */
        public String word() {
            return word;
        }
    }

    /**
     * An annotation and what became of it.
     *
     * @param key its whole key
     * @param value as given
     * @param fate in one word
     * @param why in a sentence; may be empty
     */
    public record AnnotationVerdict(String key, String value, Fate fate, String why) {
        public AnnotationVerdict {
            requireNonNull(key, "key is null");
            requireNonNull(value, "value is null");
            requireNonNull(fate, "fate is null");
            requireNonNull(why, "why is null");
        }
    }
}
