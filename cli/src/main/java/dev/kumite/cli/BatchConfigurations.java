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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Loads the configurations that the cases of a batch name, each once. {@code loaded} is guarded by
 * {@code lock}.
 */
final class BatchConfigurations {

    /**
     * Most configurations that are kept: some for each kind of machine and hypervisor; a few KiB
     * each.
     */
    static final int MAX_KEPT = 256;

    /** Longest configuration text that is kept by its own text, in characters. */
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
     * @param host that it is planned for
     */
    record Loaded(Outcome<RuntimeConfig> outcome, Optional<SandboxPlanner> planner, Host host) {}

    private final Batch batch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<BatchCase.Configuration, Loaded> loaded =
            new LinkedHashMap<>(16, 0.75f, true);

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
        if (configuration.toml().isPresent()
                && configuration.toml().get().length() > MAX_KEPT_TEXT) {
            return made;
        }
        lock.lock();
        try {
            loaded.put(configuration, made);
            if (loaded.size() > MAX_KEPT) {
                loaded.remove(loaded.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
        return made;
    }

    private Loaded load(BatchCase.Configuration configuration) {
        BuildConstants build = build(configuration);
        Host host = OverlayHost.withCpus(batch.host(), configuration.cpus());
        Outcome<RuntimeConfig> outcome = load(configuration, build);
        Optional<SandboxPlanner> planner =
                outcome.value().map(runtime -> SandboxPlanner.of(runtime, host, build));
        return new Loaded(outcome, planner, host);
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
