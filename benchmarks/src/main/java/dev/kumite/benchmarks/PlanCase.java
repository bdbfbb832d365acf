package dev.kumite.benchmarks;

import dev.kumite.config.BuildConstants;
import dev.kumite.config.ConfigurationLoader;
import dev.kumite.config.ConfigurationText;
import dev.kumite.config.Host;
import dev.kumite.config.LoadOptions;
import dev.kumite.config.PlanRequest;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.Sizing;
import dev.kumite.config.SystemHost;
import dev.kumite.vectors.JsonTree;
import dev.kumite.vectors.VectorSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A golden vector that plans a sandbox, ready to be planned again and again.
 *
 * @param spec text of the specification
 * @param runtime the loaded configuration
 * @param host the machine
 * @param request what the caller says
 * @param sizing what the workload asks for
 */
record PlanCase(String spec, RuntimeConfig runtime, Host host, PlanRequest request, Sizing sizing) {

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * {@return all cases that plan a sandbox with a QEMU configuration, and succeed}
     *
     * @param root an empty directory that the vectors' files are built in
     * @param realistic only those that real tools wrote
     */
    static List<PlanCase> load(Path root, boolean realistic) throws IOException {
        VectorSet set = VectorSet.open();
        set.buildFixture(root);
        set.writeConfigs(root);
        Map<String, Optional<RuntimeConfig>> configurations = new HashMap<>();
        List<PlanCase> cases = new ArrayList<>();
        for (String file : set.caseFiles()) {
            if (realistic && !file.endsWith("real.jsonl")) {
                continue;
            }
            for (String line : set.cases(file)) {
                Map<String, Object> vector =
                        JsonTree.object(JsonTree.parse(line.replace("@ROOT@", root.toString())));
                configuration(vector, root, configurations)
                        .filter(runtime -> runtime.hypervisorType().equals("qemu"))
                        .ifPresent(runtime -> cases.add(of(vector, specOf(line, root), runtime)));
            }
        }
        return cases;
    }

    private static PlanCase of(Map<String, Object> vector, String spec, RuntimeConfig runtime) {
        PlanRequest request =
                PlanRequest.of(
                        (String) vector.getOrDefault("bundle", ""),
                        (String) vector.getOrDefault("id", ""));
        return new PlanCase(
                spec,
                runtime,
                SystemHost.open(),
                request,
                Sizing.of(
                        number(vector, "sandboxCPUs"),
                        number(vector, "sandboxMemMB"),
                        Sizing.NONE.cpuOrigin()));
    }

    private static Optional<RuntimeConfig> configuration(
            Map<String, Object> vector, Path root, Map<String, Optional<RuntimeConfig>> loaded)
            throws IOException {
        boolean planned =
                "sandbox".equals(vector.get("op"))
                        && vector.get("spec") != null
                        && JsonTree.object(vector.get("expect")).containsKey("result")
                        && !vector.containsKey("numCPU")
                        && !vector.containsKey("defaults")
                        && !vector.containsKey("features");
        if (!planned) {
            return Optional.empty();
        }
        String text =
                vector.get("config") instanceof String file
                        ? Files.readString(root.resolve(file)).replace("@ROOT@", root.toString())
                        : (String) vector.get("toml");
        return loaded.computeIfAbsent(
                text,
                toml ->
                        ConfigurationLoader.load(
                                        List.of(
                                                new ConfigurationText(
                                                        root + "/configs/case.toml", toml)),
                                        SystemHost.open(),
                                        BuildConstants.PACKAGED,
                                        LoadOptions.DEFAULT)
                                .value());
    }

    private static long number(Map<String, Object> vector, String name) {
        return vector.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** The specification exactly as the line spells it. */
    private static String specOf(String line, Path root) {
        String text = line.replace("@ROOT@", root.toString());
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = parser.currentName().equals("spec");
                parser.nextToken();
                int start = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                if (wanted) {
                    return text.substring(start, (int) parser.currentLocation().getCharOffset());
                }
            }
        }
        throw new IllegalArgumentException("no specification in " + line);
    }
}
