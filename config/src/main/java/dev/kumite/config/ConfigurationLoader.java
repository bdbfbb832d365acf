package dev.kumite.config;

import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads configuration files into a {@link RuntimeConfig}, with every default filled in and the
 * origin of every value.
 *
 * <p>All problems are found in one go, each with its line. Only where the syntax of a file is
 * wrong, nothing else is said about the configuration. Stateless and safe for use by several
 * threads.
 *
 * <p>Source: Kata Containers, Go runtime, {@code LoadConfiguration} in {@code
 * pkg/katautils/config.go}.
 */
public final class ConfigurationLoader {

    private final List<ConfigurationText> texts;
    private final LoadContext context;
    private final ConfigurationDraft draft = new ConfigurationDraft();
    private final Location.Text whole;

    private ConfigurationLoader(List<ConfigurationText> texts, LoadContext context) {
        this.texts = texts;
        this.context = context;
        this.whole =
                new Location.Text(texts.isEmpty() ? "<none>" : texts.getFirst().path(), 0, 0, "");
    }

    /**
     * {@return the configuration that the texts make, or why they make none}
     *
     * @param texts the main file first, then those that change it, in order
     * @param host the machine that it is for
     * @param build what is meant where the texts say nothing
     * @param options how strict to be
     */
    public static Outcome<RuntimeConfig> load(
            List<ConfigurationText> texts, Host host, BuildConstants build, LoadOptions options) {
        List<ConfigurationText> files = List.copyOf(texts);
        LoadContext context = new LoadContext(host, build, options, new ArrayList<>());
        return new ConfigurationLoader(files, context).load();
    }

    private Outcome<RuntimeConfig> load() {
        ConfigurationSections sections =
                new ConfigurationSections(context.options().strict(), context.problems());
        List<TomlNode.Table> tables = new ArrayList<>();
        for (ConfigurationText text : texts) {
            TomlReader.read(text, context.problems()).ifPresent(tables::add);
        }
        if (tables.size() < texts.size()) {
            return Outcome.refused(sorted());
        }
        tables.forEach(sections::add);
        Location governedBy = hypervisors(sections);
        agents(sections);
        ConfigurationSection factory = sections.section("factory", whole);
        new KeyReader(context, draft, factory, false).read(rows("factory"));
        ConfigurationSection runtime = sections.section("runtime", whole);
        new KeyReader(context, draft, runtime, false).read(rows("runtime"));
        new KeyReader(context, draft, sections.section("image", whole), false).read(rows("image"));
        KernelParameters.complete(draft);
        new FinalChecks(context, draft).check(runtime, factory, whole);
        List<String> files =
                texts.stream()
                        .filter(ConfigurationText::isFile)
                        .map(ConfigurationText::path)
                        .toList();
        RuntimeConfig config =
                draft.build(governedBy, files).withFilesAssumed(context.options().assumeFiles());
        EnabledAnnotationsCheck.check(config, context);
        return Outcome.of(config, sorted());
    }

    /** {@return the line that says which annotations are read} Applies the hypervisor's table. */
    private Location hypervisors(ConfigurationSections sections) {
        Map<String, ConfigurationSection> tables = sections.hypervisors();
        if (tables.isEmpty()) {
            HypervisorTable.applyDefaults(context, draft);
            return whole;
        }
        Optional<ConfigurationSection> chosen = Optional.empty();
        for (Map.Entry<String, ConfigurationSection> table : tables.entrySet()) {
            ConfigurationSection section = table.getValue();
            Optional<HypervisorKind> kind = HypervisorKind.parse(table.getKey());
            if (kind.isEmpty()) {
                refuseKind(table.getKey(), section);
            } else if (chosen.isEmpty()) {
                chosen = Optional.of(section);
                new HypervisorTable(context, draft, section, kind.get()).apply();
            } else {
                // Differs from kata: the original takes one of the tables by chance
                warnOfSeveral(section, chosen.get());
                new HypervisorTable(context, new ConfigurationDraft(), section, kind.get()).apply();
            }
        }
        return chosen.<Location>map(section -> section.whereIs("enable_annotations")).orElse(whole);
    }

    private void refuseKind(String name, ConfigurationSection section) {
        List<String> kinds = List.of("qemu", "clh", "firecracker", "acrn");
        String hint =
                DidYouMean.closest(name, kinds)
                        .map(kind -> "; did you mean \"" + kind + "\"?")
                        .orElse("");
        context.error(
                section.header(),
                "[hypervisor." + Toml.excerpt(name) + "] is no known hypervisor",
                "the kinds are " + String.join(", ", kinds),
                "name one of them, in small letters" + hint);
    }

    private void warnOfSeveral(ConfigurationSection section, ConfigurationSection chosen) {
        context.warn(
                section.header(),
                "[" + section.name() + "] has no effect",
                "["
                        + chosen.name()
                        + "] stands before it; Kata Containers takes one of the two by chance",
                "remove one of the tables");
    }

    private void agents(ConfigurationSections sections) {
        Optional<ConfigurationSection> chosen = Optional.empty();
        for (ConfigurationSection section : sections.agents().values()) {
            if (chosen.isEmpty()) {
                chosen = Optional.of(section);
                new KeyReader(context, draft, section, false).read(rows("agent"));
                draft.set(
                        AgentConfig.LONG_LIVE_CONN,
                        true,
                        new Origin.Rule(
                                "so with any agent table",
                                List.of(KeyReader.origin(section.header()))));
            } else {
                warnOfSeveral(section, chosen.get());
                new KeyReader(context, new ConfigurationDraft(), section, false)
                        .read(rows("agent"));
            }
        }
    }

    static List<ConfigurationKey> rows(String table) {
        return List.copyOf(ConfigurationTable.keys(table).values());
    }

    /** In the order of the files and their lines; what has no line comes first. */
    private List<Problem> sorted() {
        List<Problem> sorted = new ArrayList<>(context.problems());
        // one plain lambda: the combinators of Comparator cost a cold start more than the whole
        // sorting
        sorted.sort((left, right) -> {
            int byFile = Integer.compare(file(left), file(right));
            return byFile != 0 ? byFile : Long.compare(position(left), position(right));
        });
        return sorted;
    }

    private static long position(Problem problem) {
        return problem.where() instanceof Location.Text text
                ? ((long) text.line() << 32) + text.column()
                : 0;
    }

    private int file(Problem problem) {
        if (problem.where() instanceof Location.Text where) {
            for (int i = 0; i < texts.size(); i++) {
                if (texts.get(i).path().equals(where.source())) {
                    return i;
                }
            }
        }
        return texts.size();
    }
}
