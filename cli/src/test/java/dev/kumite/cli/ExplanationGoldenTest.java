package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.BuildConstants;
import dev.kumite.config.ConfigurationLoader;
import dev.kumite.config.ConfigurationText;
import dev.kumite.config.Explainer;
import dev.kumite.config.Host;
import dev.kumite.config.LoadOptions;
import dev.kumite.config.Plan;
import dev.kumite.config.PlanRequest;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.SandboxPlanner;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What explanations look like, whole. After a deliberate change, {@code ./mvnw -pl cli -am test
 * -Dtest=ExplanationGoldenTest -Dsurefire.failIfNoSpecifiedTests=false -Dkumite.golden=update}
 * writes the files anew and prints what has changed.
 */
class ExplanationGoldenTest {

    private static final boolean UPDATE = System.getProperty("kumite.golden", "").equals("update");
    private static final Path RESOURCES = Path.of("src", "test", "resources", "explain");
    private static final String CONFIGURATION = "/etc/kata-containers/configuration.toml";

    @ParameterizedTest
    @ValueSource(strings = {"single", "refused"})
    void looksAsItDid(String name) throws IOException {
        Path golden = RESOURCES.resolve(name + ".txt");
        String expected = Files.exists(golden) ? Files.readString(golden) : "";

        String actual = explain(name);

        if (UPDATE && !actual.equals(expected)) {
            printChanges(golden, expected.lines().toList(), actual.lines().toList());
            Files.writeString(golden, actual);
            return;
        }
        assertThat(actual).isEqualTo(expected);
    }

    private static String explain(String name) throws IOException {
        Spec spec =
                SpecReader.read(Files.readString(RESOURCES.resolve(name + ".json")), "config.json")
                        .value()
                        .orElseThrow();
        ConfigurationText text =
                new ConfigurationText(
                        CONFIGURATION, Files.readString(RESOURCES.resolve("configuration.toml")));
        Host host = new BareHost();
        RuntimeConfig runtime =
                ConfigurationLoader.load(
                                List.of(text),
                                host,
                                BuildConstants.PACKAGED,
                                new LoadOptions(true, true))
                        .value()
                        .orElseThrow();
        PlanRequest request = PlanRequest.of("/run/bundles/" + name, name);
        Outcome<Plan> outcome =
                SandboxPlanner.of(runtime, host, BuildConstants.PACKAGED).plan(spec, request);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, UTF_8);
        Output output = Output.of(stream);
        Console console = new Console(System.in, output, output, variable -> null);
        new ExplanationText(Page.on(console), false)
                .write(
                        Explainer.of(runtime, host, BuildConstants.PACKAGED)
                                .explain(spec, request, outcome),
                        List.of("Bundle", request.bundle(), "Configuration", CONFIGURATION));
        output.flush();
        return out.toString(UTF_8);
    }

    /** Lines that are the same before and behind the first and last change are left out. */
    private static void printChanges(Path golden, List<String> before, List<String> after) {
        int start = 0;
        while (start < Math.min(before.size(), after.size())
                && before.get(start).equals(after.get(start))) {
            start++;
        }
        int tail = 0;
        while (tail < Math.min(before.size(), after.size()) - start
                && before.get(before.size() - 1 - tail)
                        .equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        System.out.println("--- " + golden + " line " + (start + 1));
        before.subList(start, before.size() - tail).forEach(line -> System.out.println("-" + line));
        after.subList(start, after.size() - tail).forEach(line -> System.out.println("+" + line));
    }

    /** A machine with four CPUs and without a file. */
    private static final class BareHost implements Host {
        @Override
        public int cpuCount() {
            return 4;
        }

        @Override
        public String workingDirectory() {
            return "/";
        }

        @Override
        public boolean exists(String path) {
            return false;
        }

        @Override
        public boolean isDirectory(String path) {
            return false;
        }

        @Override
        public List<String> list(String path) {
            return List.of();
        }

        @Override
        public Resolution resolve(String path) {
            return new Resolution.Missing(path);
        }

        @Override
        public OptionalLong size(String path) {
            return OptionalLong.empty();
        }

        @Override
        public OptionalLong fileSystemSize(String path) {
            return OptionalLong.empty();
        }

        @Override
        public boolean isTmpfsMount(String path) {
            return false;
        }

        @Override
        public Contents read(String path, int maxBytes) {
            return new Contents.Failed("no such file");
        }
    }
}
