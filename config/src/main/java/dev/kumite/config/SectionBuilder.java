package dev.kumite.config;

import java.util.ArrayList;
import java.util.List;

/** A section on its way. Confined to one thread. */
final class SectionBuilder {

    private final String title;
    private final List<String> sentences = new ArrayList<>();
    private final List<Explanation.Entry> entries = new ArrayList<>();

    SectionBuilder(String title) {
        this.title = title;
    }

    /** Adds a sentence to the lead. */
    SectionBuilder say(String sentence) {
        if (!sentence.isEmpty()) {
            sentences.add(sentence);
        }
        return this;
    }

    SectionBuilder add(String name, String value, Origin origin) {
        return add(name, value, origin, "");
    }

    SectionBuilder add(String name, String value, Origin origin, String note) {
        entries.add(new Explanation.Entry(name, value, origin, "", note));
        return this;
    }

    /** Adds a field with its own origin and meaning. */
    <S> SectionBuilder field(Settings<S> settings, Field<S, ?> field, String value, String note) {
        entries.add(
                new Explanation.Entry(
                        field.name(), value, settings.origin(field), Meanings.of(field), note));
        return this;
    }

    /** Adds a field unless it is zero. */
    <S> SectionBuilder unlessZero(Settings<S> settings, Field<S, ?> field, String note) {
        if (!settings.isZero(field)) {
            Object value = settings.get(field);
            String words = value instanceof Boolean ? "on" : PlanValues.inWords(value);
            field(settings, field, words, note);
        }
        return this;
    }

    Explanation.Section build() {
        return new Explanation.Section(title, String.join(" ", sentences), entries);
    }
}
