package dev.kumite.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ImplicitTuple;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** JSON as YAML 1.2. Every text stays a text, also for readers of YAML 1.1. */
final class YamlLayout {

    private static final ImplicitTuple UNTAGGED = new ImplicitTuple(true, true);

    /**
     * Words that some version of YAML takes for something else than text. Source: YAML 1.1,
     * "yaml.org,2002:bool", "null".
     */
    private static final Set<String> NOT_TEXT =
            Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

    private YamlLayout() {}

    /** {@return the JSON document as a YAML document} */
    static String of(String json) {
        List<Event> events = new ArrayList<>();
        events.add(new StreamStartEvent());
        events.add(new DocumentStartEvent(false, Optional.empty(), java.util.Map.of()));
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                events.add(event(token, parser));
            }
        }
        events.add(new DocumentEndEvent(false));
        events.add(new StreamEndEvent());
        DumpSettings settings =
                DumpSettings.builder()
                        .setWidth(Integer.MAX_VALUE)
                        .setUseUnicodeEncoding(true)
                        .build();
        return Unprintable.escaped(new Present(settings).emitToString(events.iterator()));
    }

    private static Event event(JsonToken token, JsonParser parser) {
        return switch (token) {
            case START_OBJECT ->
                    new MappingStartEvent(
                            Optional.empty(), Optional.empty(), true, FlowStyle.BLOCK);
            case END_OBJECT -> new MappingEndEvent();
            case START_ARRAY ->
                    new SequenceStartEvent(
                            Optional.empty(), Optional.empty(), true, FlowStyle.BLOCK);
            case END_ARRAY -> new SequenceEndEvent();
            case PROPERTY_NAME -> text(parser.currentName());
            case VALUE_STRING -> text(parser.getString());
            default -> scalar(parser.getString(), ScalarStyle.PLAIN);
        };
    }

    private static Event text(String text) {
        return scalar(text, isPlain(text) ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
    }

    private static Event scalar(String text, ScalarStyle style) {
        return new ScalarEvent(Optional.empty(), Optional.empty(), UNTAGGED, text, style);
    }

    /**
     * {@return whether no reader can take the text for anything else when it stands there without
     * quotes}
     */
    private static boolean isPlain(String text) {
        if (text.isEmpty() || NOT_TEXT.contains(text.toLowerCase(Locale.ROOT))) {
            return false;
        }
        char first = text.charAt(0);
        if (!isLetter(first) && first != '/') {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetter(c)
                    && (c < '0' || c > '9')
                    && c != '/'
                    && c != '_'
                    && c != '.'
                    && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
