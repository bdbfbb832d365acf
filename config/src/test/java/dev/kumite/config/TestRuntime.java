package dev.kumite.config;

import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Configurations and specifications that tests of planning start from. */
final class TestRuntime {

    static final PlanRequest REQUEST = PlanRequest.of("/bundle", "c1");

    /** Where {@code enable_annotations} stands, for messages. */
    static final Location LINE =
            new Location.Text("/etc/kata/configuration.toml", 12, 1, "hypervisor.qemu");

    private TestRuntime() {}

    /** {@return a QEMU configuration that admits every annotation} */
    static RuntimeConfig open() {
        return with(hypervisor().build(), AnnotationPolicy.KATA, ".*");
    }

    /** {@return a QEMU configuration that admits the annotations that match} */
    static RuntimeConfig admitting(AnnotationPolicy policy, String... patterns) {
        return with(hypervisor().build(), policy, patterns);
    }

    static Settings.Builder<HypervisorConfig> hypervisor() {
        return Settings.builder(HypervisorConfig.SCHEMA)
                .set(HypervisorConfig.SHARED_FS, "virtio-9p", Origin.DEFAULT)
                .set(HypervisorConfig.NUM_VCPUS, 1L, Origin.DEFAULT)
                .set(HypervisorConfig.MEMORY_SIZE, 2048L, Origin.DEFAULT);
    }

    static RuntimeConfig with(
            Settings<HypervisorConfig> hypervisor, AnnotationPolicy policy, String... patterns) {
        return new RuntimeConfig(
                Settings.builder(RuntimeFields.SCHEMA)
                        .set(RuntimeFields.HYPERVISOR_TYPE, "qemu", Origin.DEFAULT)
                        .build(),
                hypervisor,
                Settings.builder(AgentConfig.SCHEMA).build(),
                Settings.builder(FactoryConfig.SCHEMA).build(),
                EnabledAnnotations.of(List.of(patterns), policy, LINE),
                List.of(),
                AcceleratorChoice.AUTO,
                List.of("/etc/kata/configuration.toml"),
                false);
    }

    static RuntimeConfig with(RuntimeConfig runtime, Settings<RuntimeFields> settings) {
        return runtime.withSettings(settings);
    }

    /** {@return a small specification with these members besides process and root} */
    static Spec spec(String members) {
        String json =
                "{\"process\":{\"args\":[\"sh\"],\"cwd\":\"/\"},\"root\":{\"path\":\"rootfs\"}"
                        + (members.isEmpty() ? "" : "," + members)
                        + (members.contains("\"linux\"") ? "}" : ",\"linux\":{}}");
        return read(json);
    }

    /** {@return a small specification with these annotations: keys and values in turn} */
    static Spec annotated(String... keysAndValues) {
        Map<String, String> annotations = new java.util.LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            annotations.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        Spec plain = spec("");
        return new Spec(
                plain.ociVersion(),
                plain.process(),
                plain.root(),
                plain.hostname(),
                plain.domainname(),
                plain.mounts(),
                plain.hooks(),
                annotations,
                plain.linux(),
                plain.vm());
    }

    static Spec read(String json) {
        Outcome<Spec> outcome = SpecReader.read(json, "config.json");
        return outcome.orElseThrow(problems -> new IllegalArgumentException(problems.toString()));
    }

    static Outcome<SandboxConfig> plan(RuntimeConfig runtime, Spec spec) {
        return plan(runtime, spec, new FakeHost());
    }

    static Outcome<SandboxConfig> plan(RuntimeConfig runtime, Spec spec, Host host) {
        return SandboxPlanner.of(runtime, host, BuildConstants.PACKAGED)
                .sandbox(spec, REQUEST, Sizing.NONE);
    }

    /** {@return all problems in one text} */
    static String text(Outcome<?> outcome) {
        StringJoiner text = new StringJoiner("\n");
        outcome.problems().forEach(problem -> text.add(problem.describe()));
        return text.toString();
    }
}
