package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.linux.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostCgroupsTest {

    @TempDir private Path directory;

    private final List<String> notes = new ArrayList<>();
    private Path sandbox = Path.of("");
    private Path memory = Path.of("");
    private Path cpu = Path.of("");

    @BeforeEach
    void makeHierarchies() throws IOException {
        sandbox = Files.createDirectory(directory.resolve("sandbox"));
        memory = Files.createDirectory(directory.resolve("memory"));
        cpu = Files.createDirectory(directory.resolve("cpu"));
    }

    private HostCgroups version1() {
        return new HostCgroups(
                MountTable.parse(
                        """
                        30 24 0:26 / %s rw - cgroup cgroup rw,memory
                        31 24 0:27 / %s rw - cgroup cgroup rw,cpu,cpuacct
                        32 24 0:28 / %s rw - cgroup cgroup rw,name=systemd
                        33 24 0:29 /part %s rw - cgroup cgroup rw,pids
                        """
                                .formatted(
                                        memory,
                                        cpu,
                                        directory.resolve("named"),
                                        directory.resolve("pids"))),
                sandbox,
                notes::add);
    }

    private HostCgroups version2(Path top) {
        return new HostCgroups(
                MountTable.parse("30 24 0:26 / %s rw - cgroup2 cgroup2 rw\n".formatted(top)),
                sandbox,
                notes::add);
    }

    @Test
    void makesAGroupInEachHierarchyWhoseFiguresAreRead() {
        List<Path> groups = version1().make("c", "/pods/box", false);

        assertThat(groups)
                .containsExactlyInAnyOrder(memory.resolve("pods/box"), cpu.resolve("pods/box"))
                .allSatisfy(group -> assertThat(group).isDirectory());
        assertThat(notes).isEmpty();
    }

    @Test
    void removesWhatItMadeAndNothingElse() throws IOException {
        Files.createDirectory(memory.resolve("pods"));
        List<Path> _ = version1().make("c", "/pods/box", false);

        HostCgroups.remove(sandbox, Optional.empty());

        assertThat(memory.resolve("pods")).isEmptyDirectory();
        assertThat(cpu).isEmptyDirectory();
    }

    @Test
    void leavesParentsThatOthersHaveGroupsIn() throws IOException {
        List<Path> _ = version1().make("c", "/pods/box", false);
        Path other = Files.createDirectory(memory.resolve("pods/other"));

        HostCgroups.remove(sandbox, Optional.empty());

        assertThat(other).isDirectory();
        assertThat(memory.resolve("pods/box")).doesNotExist();
    }

    @Test
    void removesTheGroupsOfOneContainerOnly() throws IOException {
        List<Path> _ = version1().make("one", "/pods/one", false);
        List<Path> _ = version1().make("two", "/pods/two", true);

        HostCgroups.remove(sandbox, Optional.of("two"));

        assertThat(memory.resolve("pods/one")).isDirectory();
        assertThat(memory.resolve("pods/two")).doesNotExist();
    }

    @Test
    void removesNothingWhereNothingWasMade() throws IOException {
        HostCgroups.remove(sandbox, Optional.empty());

        assertThat(memory).isEmptyDirectory();
    }

    @Test
    void staysOutsideOfGroupsThatLimitMemory() throws IOException {
        Path pod = Files.createDirectory(memory.resolve("pod"));
        Files.writeString(pod.resolve("memory.limit_in_bytes"), "268435456\n");

        List<Path> groups = version1().make("c", "/pod/box", false);

        assertThat(groups).isEmpty();
        assertThat(cpu).isEmptyDirectory();
        assertThat(notes).singleElement().asString().contains("sandbox_cgroup_only", "/pod");
    }

    @Test
    void goesIntoThemIfItIsTold() throws IOException {
        Path pod = Files.createDirectory(memory.resolve("pod"));
        Files.writeString(pod.resolve("memory.limit_in_bytes"), "268435456\n");

        assertThat(version1().make("c", "/pod/box", true)).hasSize(2);
    }

    @Test
    void takesVersion1sHugeNumberForNoLimit() throws IOException {
        Path pod = Files.createDirectory(memory.resolve("pod"));
        Files.writeString(pod.resolve("memory.limit_in_bytes"), "9223372036854771712\n");

        assertThat(version1().make("c", "/pod/box", false)).hasSize(2);
    }

    @Test
    void asksForFiguresOnTheWayToAGroupOfVersion2() throws IOException {
        Path top = Files.createDirectory(directory.resolve("unified"));
        Files.writeString(top.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
        Files.writeString(top.resolve("cgroup.subtree_control"), "");

        List<Path> groups = version2(top).make("c", "box", false);

        assertThat(groups).containsExactly(top.resolve("box"));
        assertThat(top.resolve("cgroup.subtree_control")).content().contains("+");
    }

    @Test
    void leavesTheSecondHierarchyOfAMixedHostAlone() throws IOException {
        Path top = Files.createDirectory(directory.resolve("unified"));
        Files.writeString(top.resolve("cgroup.controllers"), "hugetlb\n");

        assertThat(version2(top).make("c", "/box", false)).isEmpty();
    }

    @Test
    void staysBelowTheHierarchyWhateverThePathSays() {
        assertThat(version1().make("c", "/../../etc/box", false))
                .containsExactlyInAnyOrder(memory.resolve("etc/box"), cpu.resolve("etc/box"));
        assertThat(version1().make("c", "/..", false)).isEmpty();
        assertThat(version1().make("c", "/a\nb", false)).isEmpty();
    }

    @Test
    void leavesGroupsOfSystemdToSystemd() {
        assertThat(version1().make("c", "machine.slice:libpod:abc", false)).isEmpty();
        assertThat(version1().make("c", "", false)).isEmpty();
    }

    @Test
    void putsAProcessIntoEachGroup() throws IOException {
        List<Path> groups = version1().make("c", "/box", false);
        for (Path group : groups) {
            Files.createFile(group.resolve("cgroup.procs"));
        }

        HostCgroups.attach(groups, 4711, notes::add);

        assertThat(groups)
                .allSatisfy(group ->
                        assertThat(group.resolve("cgroup.procs")).content().isEqualTo("4711"));
        assertThat(notes).isEmpty();
    }

    @Test
    void saysWhereAProcessCannotBePut() {
        HostCgroups.attach(version1().make("c", "/box", false), 4711, notes::add);

        assertThat(notes).hasSize(2).first().asString().contains("4711", "/box");
    }

    @Test
    void goesOnWhereAGroupCannotBeMade() throws IOException {
        Files.createFile(cpu.resolve("box"));

        List<Path> groups = version1().make("c", "/box", false);

        assertThat(groups).containsExactly(memory.resolve("box"));
        assertThat(notes).hasSize(1);
    }
}
