package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {

    private final FakeHost host =
            new FakeHost()
                    .withFile("/bin/qemu")
                    .withFile("/bin/qemu-lite")
                    .withFile("/bin/.hidden")
                    .withFile("/bin/sub/deep")
                    .withFile("/bin/a*b")
                    .withFile("/bin/é");

    private boolean matches(String pattern, String path) {
        return Glob.matches(List.of(pattern), path, host);
    }

    @ParameterizedTest
    @CsvSource({
        "/bin/qemu, /bin/qemu, true",
        "/bin/gone, /bin/gone, false",
        "/bin/qem?, /bin/qemu, true",
        "/bin/*, /bin/qemu-lite, true",
        "/bin/*, /bin/.hidden, true",
        "/bin/*, /bin/sub/deep, false",
        "/*/*/deep, /bin/sub/deep, true",
        "/bin/q*-l*, /bin/qemu-lite, true",
        "/bin/[p-r]emu, /bin/qemu, true",
        "/bin/[^p-r]emu, /bin/qemu, false",
        "/bin/[!q]emu, /bin/qemu, true",
        "/bin/a\\*b, /bin/a*b, true",
        "/bin/[é], /bin/é, true",
        "/bin/?, /bin/é, true",
        "//bin/*, //bin/qemu, false",
        "/bin/*/, /bin/sub/, false",
        "/b*//qemu, /bin/qemu, false",
    })
    void standsForFilesThatExist(String pattern, String path, boolean expected) {
        assertThat(matches(pattern, path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "[]",
                "[^]",
                "[a-]",
                "[-a]",
                "a\\",
                "/x/[a/b]",
                "[a\\",
                "*[",
                "/a\\/b*"
            })
    void isMalformed(String pattern) {
        assertThat(Glob.isMalformed(pattern)).isTrue();
        assertThat(matches(pattern, "/bin/qemu")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/bin/qemu", "]", "[a]", "[\\]]", "a[b-c]*?", "\\["})
    void isWellFormed(String pattern) {
        assertThat(Glob.isMalformed(pattern)).isFalse();
    }

    @Test
    void asksTheHostOnlyWherePatternAndPathAgree() {
        Glob.matches(List.of("/bin/q*", "/usr/*/x", "/bin/qemu", "*"), "/opt/thing", host);

        assertThat(host.questions()).isEmpty();
    }

    @Test
    void letsAStarEndWithinACharacter() {
        assertThat(matches("/bin/*?", "/bin/é")).isTrue();
        assertThat(matches("/bin/*??", "/bin/é")).isFalse();
        assertThat(GlobPart.parse("*??").orElseThrow().matches("日")).isTrue();
    }

    /**
     * Compares with an expansion that walks directories as the original does and compares its
     * results with the path.
     */
    @Nested
    class AgainstExpansion {

        private static final int RUNS = 4000;
        private static final List<String> NAMES =
                List.of("a", "ab", ".a", "b", "é", "x*y", "[q]", "-");
        private static final List<String> PIECES =
                List.of(
                        "*", "?", "[a-c]", "[^a]", "\\*", "\\[", "[", "]", "a", "b", ".", "/", "é",
                        "x", "y", "-", "..", "//");

        @TempDir Path temp;

        @Test
        void givesCleanPathsBelowAnyDirectory() throws IOException {
            String root = temp.toRealPath().toString();
            Files.createFile(temp.resolve("a"));
            SystemHost system = SystemHost.open();

            for (String pattern : List.of("/" + root + "/*", root + "/../*/a", root + "/.//?")) {
                boolean parent = pattern.contains("..");
                assertThat(Glob.matches(List.of(pattern), root + "/a", system))
                        .as(pattern)
                        .isTrue();
                assertThat(
                                Glob.matches(
                                        List.of(pattern),
                                        pattern.replace(parent ? "*" : "?", "a"),
                                        system))
                        .as(pattern)
                        .isFalse();
            }
            assertThat(Glob.matches(List.of(""), "", system)).isFalse();
        }

        @Test
        void givesTheSameVerdict() throws IOException {
            List<String> paths = makeTree();
            SystemHost system = SystemHost.open();
            long seed = 20260714;
            Random random = new Random(seed);

            for (int run = 0; run < RUNS; run++) {
                String path = paths.get(random.nextInt(paths.size()));
                String pattern = mutate(path, random);

                assertThat(Glob.matches(List.of(pattern), path, system))
                        .as("seed %d run %d: %s against %s", seed, run, pattern, path)
                        .isEqualTo(expand(pattern, system).contains(path));
            }
        }

        private List<String> makeTree() throws IOException {
            String root = temp.toRealPath().toString();
            List<String> paths =
                    new ArrayList<>(
                            List.of(root, root + "/", root + "//a", root + "/gone", "", "/"));
            for (String directory : List.of("", "/a", "/ab", "/a/b")) {
                Files.createDirectories(Path.of(root + directory));
                for (String name : NAMES) {
                    Path file = Path.of(root + directory, name);
                    if (!Files.exists(file)) {
                        Files.createFile(file);
                    }
                    paths.add(file.toString());
                }
                if (directory.isEmpty()) {
                    Files.delete(Path.of(root, "a"));
                    Files.delete(Path.of(root, "ab"));
                } else if (directory.equals("/a")) {
                    Files.delete(Path.of(root, "a/b"));
                }
            }
            return paths;
        }

        private String mutate(String path, Random random) {
            StringBuilder pattern = new StringBuilder(path);
            for (int i = random.nextInt(4); i > 0; i--) {
                int at = random.nextInt(pattern.length() + 1);
                if (random.nextBoolean() && at < pattern.length()) {
                    pattern.deleteCharAt(at);
                }
                pattern.insert(at, PIECES.get(random.nextInt(PIECES.size())));
            }
            return pattern.toString();
        }

        private List<String> expand(String pattern, Host on) {
            if (Glob.isMalformed(pattern)) {
                return List.of();
            }
            if (pattern.chars().noneMatch(c -> "*?[\\".indexOf(c) >= 0)) {
                return on.exists(pattern) ? List.of(pattern) : List.of();
            }
            int slash = pattern.lastIndexOf('/');
            String directory = slash < 0 ? "." : slash == 0 ? "/" : pattern.substring(0, slash);
            Optional<GlobPart> part = GlobPart.parse(pattern.substring(slash + 1));
            boolean literal = directory.chars().noneMatch(c -> "*?[\\".indexOf(c) >= 0);
            List<String> found = new ArrayList<>();
            for (String start : literal ? List.of(directory) : expand(directory, on)) {
                if (on.isDirectory(start)) {
                    for (String name : on.list(start)) {
                        if (part.orElseThrow().matches(name)) {
                            found.add(LexicalPath.join(start, name));
                        }
                    }
                }
            }
            return found;
        }
    }
}
