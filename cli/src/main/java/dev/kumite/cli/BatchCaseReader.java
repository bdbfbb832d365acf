package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kumite.config.Feature;
import dev.kumite.config.PlanRequest;
import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** Reads one line of a batch. Confined to one thread, for one line. */
final class BatchCaseReader {

    /** Names the lines of a batch in messages. */
    static final String SOURCE = "<batch>";

    private static final JsonFactory JSON =
            JsonFactory.builder().recyclerPool(JsonRecyclerPools.threadLocalPool()).build();

    private static final byte[] SPEC = "spec".getBytes(US_ASCII);

    /** The members that give the specification. */
    private static final List<String> SPEC_FORMS = List.of("spec", "specText", "specBase64");

    /** Longest text of a line that a problem repeats, in characters. */
    private static final int EXCERPT = 80;

    private static final long UINT32 = 0xFFFF_FFFFL;

    /** Most CPUs that a case can say; as the option of the same meaning. */
    private static final long MAX_CPUS = ConfigurationInput.MAX_CPUS;

    private final long lineNumber;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private String name;
    private BatchCase.Operation operation = BatchCase.Operation.CREATE;
    private Optional<String> config = Optional.empty();
    private Optional<String> toml = Optional.empty();
    private Optional<String> path = Optional.empty();
    private Map<String, String> defaults = Map.of();
    private Optional<List<Feature>> features = Optional.empty();
    private int cpus;
    private Optional<byte[]> specBytes = Optional.empty();
    private Optional<String> specText = Optional.empty();
    private boolean plain;
    private String bundle = "";
    private String id = "";
    private String console = "";
    private boolean detach;
    private boolean systemdCgroup;
    private boolean terminal;
    private long sandboxCpus;
    private long sandboxMemoryMib;

    private BatchCaseReader(long lineNumber, int cpus) {
        this.lineNumber = lineNumber;
        this.cpus = cpus;
        name = "line " + lineNumber;
    }

    /**
     * What came of a line.
     *
     * @param name identity for the caller; made from the line's number if the line has none
     * @param outcome the case, or what is wrong with the line
     */
    record Answerable(String name, Outcome<BatchCase> outcome) {}

    /**
     * {@return the case that the line describes}
     *
     * @param line one JSON document, UTF-8
     * @param lineNumber from 1
     * @param cpus of the host, where the line does not say
     */
    static Answerable read(byte[] line, long lineNumber, int cpus) {
        BatchCaseReader reader = new BatchCaseReader(lineNumber, cpus);
        reader.read(line);
        Outcome<BatchCase> outcome =
                hasError(reader.problems)
                        ? Outcome.refused(reader.problems)
                        : Outcome.of(reader.build(), reader.problems);
        return new Answerable(reader.name, outcome);
    }

    private static boolean hasError(List<Problem> problems) {
        for (Problem problem : problems) {
            if (problem.isError()) {
                return true;
            }
        }
        return false;
    }

    private BatchCase build() {
        BatchCase.Document spec = new BatchCase.Document.Absent();
        if (specText.isPresent()) {
            spec = new BatchCase.Document.Text(specText.get(), plain);
        } else if (specBytes.isPresent()) {
            spec = new BatchCase.Document.Bytes(specBytes.get(), plain);
        }
        return new BatchCase(
                name,
                operation,
                new BatchCase.Configuration(config, toml, path, defaults, features, cpus),
                spec,
                new PlanRequest(bundle, id, console, detach, systemdCgroup),
                seen.contains("detach"),
                terminal,
                new BatchCase.Size(sandboxCpus, sandboxMemoryMib));
    }

    /** The specification is cut out first, so that it is read only once, by its own reader. */
    private void read(byte[] line) {
        JsonBytes.Range spec = JsonBytes.member(line, SPEC);
        members(line, spec);
        List<String> forms = SPEC_FORMS.stream().filter(seen::contains).toList();
        if (forms.size() > 1) {
            error(
                    forms.getLast(),
                    "the specification is given more than once, as " + String.join(" and ", forms),
                    "only one of them can be meant",
                    "leave the others out");
        }
    }

    private void members(byte[] line, JsonBytes.Range spec) {
        byte[] rest = line;
        if (spec.end() > 0) {
            specBytes = Optional.of(Arrays.copyOfRange(line, spec.begin(), spec.end()));
            rest = new byte[line.length - (spec.end() - spec.begin()) + 1];
            System.arraycopy(line, 0, rest, 0, spec.begin());
            rest[spec.begin()] = '0';
            System.arraycopy(line, spec.end(), rest, spec.begin() + 1, line.length - spec.end());
        }
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), rest)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                error("", "the line is no JSON object", "", "write one case per line");
                return;
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String member = json.currentName();
                json.nextToken();
                if (!seen.add(member)) {
                    error(
                            member,
                            "\"" + excerpt(member) + "\" is given twice",
                            "",
                            "leave one of them out");
                }
                member(member, json, spec.end() > 0);
            }
            if (json.nextToken() != null) {
                error(
                        "",
                        "there is more on the line than one JSON object",
                        "",
                        "write one case per line");
            }
        } catch (JacksonException e) {
            error(
                    "",
                    "the line is no JSON: " + e.getOriginalMessage(),
                    "",
                    "write one case per line");
        }
    }

    private void member(String member, JsonParser json, boolean specIsCutOut) {
        switch (member) {
            case "name" -> name(json);
            case "op" -> operation(text(member, json));
            case "config" -> config = Optional.of(text(member, json));
            case "toml" -> toml = Optional.of(text(member, json));
            case "configPath" -> path = Optional.of(text(member, json));
            case "defaults" -> defaults = texts(member, json);
            case "features" -> features = Optional.of(features(json));
            case "numCPU" -> cpus = (int) number(member, json, 1, MAX_CPUS);
            case "spec" -> {
                if (!specIsCutOut) {
                    specText =
                            Optional.of(json.currentToken() == JsonToken.VALUE_NULL ? "null" : "0");
                    json.skipChildren();
                }
            }
            case "specText" -> specText = Optional.of(text(member, json));
            case "specBase64" -> specBytes = Optional.of(base64(text(member, json)));
            case "parse" -> parse(text(member, json));
            case "bundle" -> bundle = text(member, json);
            case "id" -> id = text(member, json);
            case "console" -> console = text(member, json);
            case "detach" -> detach = flag(member, json);
            case "systemdCgroup" -> systemdCgroup = flag(member, json);
            case "terminal" -> terminal = flag(member, json);
            case "sandboxCPUs" -> sandboxCpus = number(member, json, 0, UINT32);
            case "sandboxMemMB" -> sandboxMemoryMib = number(member, json, 0, UINT32);
            case "group", "note", "expect" -> json.skipChildren();
            default -> {
                error(
                        member,
                        "a case has no member \"" + excerpt(member) + "\"",
                        "",
                        "remove it or correct its name");
                json.skipChildren();
            }
        }
    }

    private void name(JsonParser json) {
        String given = text("name", json);
        name = given.isEmpty() ? name : given;
    }

    private void operation(String word) {
        Optional<BatchCase.Operation> known = BatchCase.Operation.parse(word);
        if (known.isPresent()) {
            operation = known.get();
            return;
        }
        List<String> words = new ArrayList<>();
        for (BatchCase.Operation one : BatchCase.Operation.values()) {
            words.add(one.word());
        }
        error(
                "op",
                "op is \"" + excerpt(word) + "\"",
                "it is none of " + String.join(", ", words),
                "use one of them");
    }

    private void parse(String word) {
        switch (word) {
            case "plain" -> plain = true;
            case "compatible" -> plain = false;
            default ->
                    error(
                            "parse",
                            "parse is \"" + excerpt(word) + "\"",
                            "it is none of plain, compatible",
                            "use one of them");
        }
    }

    private String text(String member, JsonParser json) {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getString();
        }
        wrong(member, json, "a string");
        return "";
    }

    private boolean flag(String member, JsonParser json) {
        JsonToken token = json.currentToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            wrong(member, json, "true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private long number(String member, JsonParser json, long least, long most) {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && json.getLongValue() >= least
                && json.getLongValue() <= most) {
            return json.getLongValue();
        }
        wrong(member, json, "a whole number from " + least + " to " + most);
        return least;
    }

    private byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            error(
                    "specBase64",
                    "specBase64 is no base64: " + e.getMessage(),
                    "",
                    "encode it as RFC 4648 says");
            return new byte[0];
        }
    }

    private Map<String, String> texts(String member, JsonParser json) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            wrong(member, json, "an object of strings");
            return Map.of();
        }
        Map<String, String> texts = new HashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = json.currentName();
            json.nextToken();
            texts.put(key, text(member + "." + key, json));
        }
        return texts;
    }

    private List<Feature> features(JsonParser json) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            wrong("features", json, "a list");
            return List.of();
        }
        List<Feature> all = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            Map<String, String> feature = texts("features", json);
            all.add(
                    new Feature(
                            feature.getOrDefault("Name", ""),
                            feature.getOrDefault("Description", ""),
                            feature.getOrDefault("ExpRelease", "")));
        }
        return all;
    }

    private void wrong(String member, JsonParser json, String wanted) {
        error(member, "\"" + excerpt(member) + "\" is not " + wanted, "", "write " + wanted);
        json.skipChildren();
    }

    private void error(String member, String what, String why, String fix) {
        String pointer = member.isEmpty() ? "" : "/" + excerpt(member);
        int line = (int) Math.min(lineNumber, Integer.MAX_VALUE);
        problems.add(Problem.error(new Location.Text(SOURCE, line, 0, pointer), what, why, fix));
    }

    /** {@return the text, or the begin of a long one} */
    private static String excerpt(String text) {
        if (text.length() <= EXCERPT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(EXCERPT - 1)) ? EXCERPT - 1 : EXCERPT;
        return text.substring(0, end) + "...";
    }
}
