package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class ExplainCommandTest {

    private static final String SPEC =
            """
            {"process": {"args": ["sleep", "inf"], "cwd": "/"}, "root": {"path": "rootfs"}, "linux": {}MORE}
            """;
    private static final String CONFIGURATION =
            """
            [hypervisor.qemu]
            shared_fs = "virtio-9p"
            image = "/guest.img"
            default_memory = %d
            [runtime]
            jaeger_password = "hunter2"
            """;
    private static final String VCPUS = "io.katacontainers.config.hypervisor.default_vcpus";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir Path directory;

    private Path configuration;

    @BeforeEach
    void writeConfiguration() throws IOException {
        configuration =
                Files.writeString(directory.resolve("a.toml"), CONFIGURATION.formatted(512));
    }

    private Path bundle(String name, String more) throws IOException {
        Path bundle = Files.createDirectory(directory.resolve(name));
        Files.writeString(bundle.resolve("config.json"), SPEC.replace("MORE", more));
        return bundle;
    }

    private static String annotated(String key, String value) {
        return ", \"annotations\": {\"" + key + "\": \"" + value + "\"}";
    }

    private int explain(Path bundle, String... more) {
        String[] arguments = new String[6 + more.length];
        System.arraycopy(more, 0, arguments, 6, more.length);
        arguments[0] = "explain";
        arguments[1] = "--bundle=" + bundle;
        arguments[2] = "--config=" + configuration;
        arguments[3] = "--assume-files";
        arguments[4] = "--host-cpus=4";
        arguments[5] = "--id=web";
        out.reset();
        err.reset();
        return Main.run(
                arguments, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }

    private String text() {
        return out.toString(UTF_8);
    }

    @Test
    void explainsABundle() throws IOException {
        int exit = explain(bundle("web", ""));

        assertThat(exit).isZero();
        assertThat(text())
                .startsWith("web: a virtual machine of its own\n")
                .containsPattern("MemorySize +512 MiB +a.toml:4 default_memory")
                .contains("Cost to the host, by estimate")
                .contains("--all shows every one")
                .doesNotContain("hunter2")
                .doesNotContain("\u001b");
        assertThat(text().lines())
                .filteredOn(line -> !line.contains(directory.toString()))
                .allMatch(line -> line.length() <= 80);
    }

    @Test
    void showsAllValuesWhereThatIsAskedFor() throws IOException {
        int exit = explain(bundle("web", ""), "--all");

        assertThat(exit).isZero();
        assertThat(text())
                .contains("All values: HypervisorConfig")
                .contains("the guest's kernel")
                .contains("********")
                .doesNotContain("hunter2");
    }

    @Test
    void explainsWhatIsRefused() throws IOException {
        int exit = explain(bundle("web", annotated(VCPUS, "2")));

        assertThat(exit).isEqualTo(1);
        assertThat(text())
                .startsWith("web: refused, for 1 reason\n")
                .contains("Refused because")
                .contains("enable_annotations = [\"default_vcpus\"]")
                .contains("Without that")
                .containsPattern("NumVCPUs +1 vCPU");
        assertThat(err.toString(UTF_8)).contains(VCPUS);
    }

    @Test
    void makesControlCharactersVisible() throws IOException {
        int exit = explain(bundle("web", annotated("a\\u001b[31m\\u202e", "b\\n\\u009b")), "--all");

        assertThat(exit).isZero();
        assertThat(text())
                .contains("a\\u001b[31m\\u202e")
                .doesNotContain("\u001b")
                .doesNotContain("\u009b");
    }

    @Test
    void writesOneJsonDocumentWithStableMembers() throws IOException {
        int exit = explain(bundle("web", annotated("com.example/x", "y")), "--format=json");

        assertThat(exit).isZero();
        assertThat(text())
                .startsWith("{\"summary\":{\"verdict\":\"new-sandbox\",")
                .contains(
                        "\"sections\":[",
                        "\"values\":[",
                        "\"annotations\":[",
                        "\"problems\":[",
                        "\"overhead\":{")
                .contains(
                        "{\"field\":\"HypervisorConfig.MemorySize\",\"value\":512,"
                                + "\"origin\":{\"kind\":\"configuration\"")
                .contains("\"key\":\"com.example/x\",\"value\":\"y\",\"fate\":\"not-kata\"")
                .doesNotContain("hunter2");
        assertThat(isOneDocument(text())).isTrue();
    }

    @Test
    void refusalsAreJsonToo() throws IOException {
        int exit = explain(bundle("web", annotated(VCPUS, "2")), "--format=json");

        assertThat(exit).isEqualTo(1);
        assertThat(text()).contains("\"verdict\":\"refused\"").contains("\"severity\":\"error\"");
        assertThat(isOneDocument(text())).isTrue();
    }

    @Test
    void comparesTwoBundles() throws IOException {
        Path web = bundle("web", "");

        int exit = explain(web, "--diff=" + bundle("db", ", \"hostname\": \"db\""));

        assertThat(exit).isZero();
        assertThat(text())
                .startsWith("Two bundles under one configuration: 1 difference\n")
                .contains("SandboxConfig.Hostname")
                .containsPattern("first +not set")
                .containsPattern("second +db +config.json /hostname");
    }

    @Test
    void comparesTwoConfigurations() throws IOException {
        Path other = Files.writeString(directory.resolve("b.toml"), CONFIGURATION.formatted(1024));

        int exit = explain(bundle("web", ""), "--diff=" + other);

        assertThat(exit).isZero();
        assertThat(text())
                .startsWith("One bundle under two configurations: 1 difference\n")
                .containsPattern("first +512 +a.toml:4 default_memory")
                .containsPattern("second +1024 +b.toml:4 default_memory")
                .contains("both configurations set default_memory, differently");
    }

    @Test
    void saysThatThereIsNoDifference() throws IOException {
        Path web = bundle("web", "");

        assertThat(explain(web, "--diff=" + bundle("same", ""))).isZero();
        assertThat(text()).startsWith("Two bundles under one configuration: no difference\n");

        assertThat(explain(web, "--diff=" + web, "--format=json")).isZero();
        assertThat(text()).contains("\"differences\":[]");
    }

    @Test
    void writesDifferencesAsJson() throws IOException {
        Path other = Files.writeString(directory.resolve("b.toml"), CONFIGURATION.formatted(1024));

        int exit = explain(bundle("web", ""), "--diff=" + other, "--format=json");

        assertThat(exit).isZero();
        assertThat(text())
                .contains("\"field\":\"HypervisorConfig.MemorySize\",\"first\":{\"value\":512,")
                .contains("\"second\":{\"value\":1024,");
        assertThat(isOneDocument(text())).isTrue();
    }

    @Test
    void refusesToCompareWhatCannotBePlanned() throws IOException {
        Path web = bundle("web", "");

        int exit = explain(web, "--diff=" + bundle("bad", annotated(VCPUS, "2")));

        assertThat(exit).isEqualTo(1);
        assertThat(text()).isEmpty();
        assertThat(err.toString(UTF_8)).contains("bad is refused").contains(VCPUS);
    }

    @Test
    void refusesToCompareWithSomethingElse() throws IOException {
        int exit = explain(bundle("web", ""), "--diff=/etc/passwd");

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("neither a directory nor a file named *.toml");
    }

    @Test
    void reportsABundleThatCannotBeRead() {
        int exit = explain(directory.resolve("missing"));

        assertThat(exit).isEqualTo(1);
        assertThat(text()).isEmpty();
        assertThat(err.toString(UTF_8)).contains("missing");
    }

    private static boolean isOneDocument(String json) {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        }
    }
}
