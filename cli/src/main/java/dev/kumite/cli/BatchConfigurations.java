package dev.kumite.cli;

import dev.kumite.config.BuildConstants;
import dev.kumite.config.Feature;
import dev.kumite.config.Host;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.SandboxPlanner;
import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Loads the configurations that the cases of a batch name, and keeps those used last, within a
 * bound on what they weigh together. {@code loaded} and {@code weight} are guarded by {@code lock}.
 */
final class BatchConfigurations {

    /** What a configuration weighs without its texts: its settings, with their origins. */
    private static final int BASE_WEIGHT = 32 << 10;

    /** Most that the kept configurations weigh together, in characters or bytes of their texts. */
    private static final long MAX_WEIGHT = 8 << 20;

    /** Most configurations that are kept, as their weight has it. */
    static final int MAX_KEPT = (int) (MAX_WEIGHT / BASE_WEIGHT);

    /** Longest description of a configuration in a line that is kept, in characters. */
    private static final int MAX_KEPT_TEXT = 64 << 10;

    /** Where a text without a file is said to lie, below the root directory. */
    private static final String CASE_FILE = "configs/case.toml";

    /** Longest configuration file, in bytes. The longest real one has 25 KB. */
    private static final int MAX_FILE_BYTES = 1 << 20;

    /**
     * A configuration, ready for use.
     *
     * @param outcome the configuration, or what is wrong with it
     * @param planner plans with it
     * @param weight what keeping it costs, at least {@link #BASE_WEIGHT}
     */
    record Loaded(Outcome<RuntimeConfig> outcome, Optional<SandboxPlanner> planner, long weight) {}

    private final Batch batch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<BatchCase.Configuration, Loaded> loaded =
            new LinkedHashMap<>(16, 0.75f, true);
    private long weight;

    BatchConfigurations(Batch batch) {
        this.batch = batch;
    }

    /** {@return the configuration, loaded now or before} */
    Loaded get(BatchCase.Configuration configuration) {
        lock.lock();
        try {
            Loaded known = loaded.get(configuration);
            if (known != null) {
                return known;
            }
        } finally {
            lock.unlock();
        }
        Loaded made = load(configuration);
        return configuration.length() > MAX_KEPT_TEXT ? made : keep(configuration, made);
    }

    private Loaded keep(BatchCase.Configuration configuration, Loaded made) {
        lock.lock();
        try {
            Loaded known = loaded.putIfAbsent(configuration, made);
            if (known != null) {
                return known;
            }
            weight += made.weight();
            // The newest stays, whatever it weighs: most batches have one for all lines.
            Iterator<Loaded> oldest = loaded.values().iterator();
            for (int kept = loaded.size(); weight > MAX_WEIGHT && kept > 1; kept--) {
                weight -= oldest.next().weight();
                oldest.remove();
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    private Loaded load(BatchCase.Configuration configuration) {
        BuildConstants build = build(configuration);
        Host host = OverlayHost.withCpus(batch.host(), configuration.cpus());
        Outcome<RuntimeConfig> outcome = load(configuration, build);
        Optional<SandboxPlanner> planner =
                outcome.value().map(runtime -> SandboxPlanner.of(runtime, host, build));
        return new Loaded(outcome, planner, weight(configuration, outcome, host));
    }

    private static long weight(
            BatchCase.Configuration configuration, Outcome<RuntimeConfig> outcome, Host host) {
        long weight = BASE_WEIGHT + configuration.length();
        for (String file : outcome.value().map(RuntimeConfig::files).orElse(List.of())) {
            weight += host.size(file).orElse(0);
        }
        return weight;
    }

    private Outcome<RuntimeConfig> load(
            BatchCase.Configuration configuration, BuildConstants build) {
        Map<String, byte[]> added = new LinkedHashMap<>();
        Optional<String> path = configuration.path();
        Optional<String> root = batch.substitutions().root();
        if (configuration.toml().isPresent()) {
            String place = root.orElse(batch.host().workingDirectory()) + "/" + CASE_FILE;
            added.put(place, configuration.toml().get().getBytes(StandardCharsets.UTF_8));
            path = path.or(() -> Optional.of(place));
        } else if (configuration.config().isPresent()) {
            String given = configuration.config().get();
            String file =
                    batch.directory().isEmpty() || given.startsWith("/")
                            ? given
                            : batch.directory() + "/" + given;
            if (root.isPresent()) {
                String place = root.get() + "/" + given;
                switch (batch.host().read(file, MAX_FILE_BYTES)) {
                    case Host.Contents.Bytes(byte[] utf8) -> {
                        String text =
                                batch.substitutions()
                                        .inText(new String(utf8, StandardCharsets.UTF_8));
                        added.put(place, text.getBytes(StandardCharsets.UTF_8));
                    }
                    case Host.Contents.Failed(String reason) -> {
                        return Outcome.refused(List.of(unreadable(file, reason)));
                    }
                }
                file = place;
            }
            String place = file;
            path = path.or(() -> Optional.of(place));
        }
        Host host = OverlayHost.of(batch.host(), configuration.cpus(), added);
        // What a case names must be there; nothing else takes its place.
        return path.isPresent()
                ? ConfigurationInput.load(path, batch.loadOptions(), host, build)
                : batch.found(host, build);
    }

    private static Problem unreadable(String file, String reason) {
        return Problem.error(
                new Location.Text(file, 0, 0, ""),
                "the configuration cannot be read",
                reason,
                "correct \"config\", which is relative to --config-dir");
    }

    private BuildConstants build(BatchCase.Configuration configuration) {
        BuildConstants base =
                batch.substitutions()
                        .root()
                        .map(BatchConfigurations::below)
                        .orElse(BuildConstants.PACKAGED);
        Map<String, String> changed = configuration.defaults();
        List<Feature> features = configuration.features().orElse(base.features());
        return new BuildConstants(
                changed.getOrDefault("hypervisorPath", base.hypervisorPath()),
                changed.getOrDefault("hypervisorCtlPath", base.hypervisorCtlPath()),
                changed.getOrDefault("jailerPath", base.jailerPath()),
                changed.getOrDefault("kernelPath", base.kernelPath()),
                changed.getOrDefault("imagePath", base.imagePath()),
                changed.getOrDefault("initrdPath", base.initrdPath()),
                changed.getOrDefault("firmwarePath", base.firmwarePath()),
                changed.getOrDefault("firmwareVolumePath", base.firmwareVolumePath()),
                changed.getOrDefault("sysconfPath", base.sysconfPath()),
                changed.getOrDefault("configPath", base.configPath()),
                features);
    }

    /** {@return the places of a build that has everything below one directory} */
    private static BuildConstants below(String root) {
        String defaults = root + "/defaults/";
        return new BuildConstants(
                defaults + "hypervisor",
                defaults + "ctl",
                defaults + "jailer",
                defaults + "kernel",
                defaults + "image",
                defaults + "initrd",
                "",
                "",
                defaults + "etc-configuration.toml",
                defaults + "configuration.toml",
                List.of());
    }
}
