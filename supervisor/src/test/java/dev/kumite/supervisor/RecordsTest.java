package dev.kumite.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.engine.ContainerStats;
import dev.kumite.engine.MemorySize;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.oci.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written to disk and pipes, and read back. */
final class RecordsTest {

    private static final ProcessIdentity HOLDER = new ProcessIdentity(42, 4711);

    private static Entry entry(String id) {
        return new Entry(
                new State("1.0.2", id, Entry.RUNNING, 42, "/b\nundle", Map.of("a", "b c")),
                "sandbox",
                Optional.of(HOLDER),
                true,
                0);
    }

    @Test
    void anEntryIsReadAsItWasWritten() {
        assertThat(Entry.parse(entry("x").text())).contains(entry("x"));
        Entry stopped = entry("x").withSandbox("").stopped(7);
        assertThat(Entry.parse(stopped.text())).contains(stopped);
        assertThat(stopped.state().pid()).isZero();
    }

    @Test
    void theFirstWordOfAnEntryIsTheStatus() {
        assertThat(entry("x").stopped(3).text()).startsWith("stopped 42 4711 sandbox tty 3\n{");
    }

    @Test
    void podmanIsToldOfLackOfMemoryAndNobodyElse(@TempDir Path bundle) throws IOException {
        OomMark.leave(managed("somebody", bundle));
        assertThat(bundle).isEmptyDirectory();

        OomMark.leave(managed("libpod", bundle));
        OomMark.leave(managed("libpod", bundle));
        assertThat(bundle.resolve("oom")).isEmptyFile();

        OomMark.leave(managed("libpod", bundle.resolve("gone")));
        assertThat(bundle.resolve("gone")).doesNotExist();
    }

    private static Entry managed(String manager, Path bundle) {
        return new Entry(
                new State(
                        "1.0.2",
                        "x",
                        Entry.RUNNING,
                        42,
                        bundle.toString(),
                        Map.of("io.container.manager", manager)),
                "sandbox",
                Optional.of(HOLDER),
                false,
                0);
    }

    @Test
    void damagedEntriesAreNone() {
        for (String text :
                List.of("", "\n", "running", "running a b c d e\n{}", "running 1 1 - tty 0\n")) {
            assertThat(Entry.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    void theLedgerKeepsContainersAndTheirProcesses(@TempDir Path root) throws IOException {
        Ledger ledger = new Ledger(root);
        assertThat(ledger.entries()).isEmpty();

        ledger.write(entry("x"));
        Ledger.Exec detached = new Ledger.Exec(HOLDER, "exec-1", false, Optional.empty());
        ledger.write("x", detached);
        Files.createDirectories(root.resolve(".oci/broken"));
        Files.writeString(root.resolve(".oci/x/exec-7"), "nonsense");

        Ledger other = new Ledger(root);
        assertThat(other.entries()).containsExactly(entry("x"));
        assertThat(other.damaged()).containsExactly("broken");
        assertThat(other.execs("x")).containsExactly(detached);
        Ledger.Exec attached =
                new Ledger.Exec(HOLDER, "exec-1", true, Optional.of(new ProcessIdentity(8, 9)));
        ledger.write("x", attached);
        assertThat(other.execs("x")).containsExactly(attached);
        other.remove("x", HOLDER);
        assertThat(other.execs("x")).isEmpty();
        other.remove("x");
        other.remove("broken");
        assertThat(root.resolve(".oci")).isEmptyDirectory();
    }

    @Test
    void aRequestIsSixNumbers() {
        assertThat(Request.parse("1 10 20 3 1 -"))
                .contains(new Request(10, 20, 3, 1, Optional.empty()));
        assertThat(Request.parse("1 10 20 3 2 30"))
                .contains(new Request(10, 20, 3, 2, Optional.of(30)));
        for (String line :
                List.of(
                        "",
                        "2 1 1 1 1 -",
                        "1 1 1 1 -",
                        "1 a 1 1 1 -",
                        "1 1 1 1 1 x",
                        "1 -1 1 1 1 -")) {
            assertThat(Request.parse(line)).as(line).isEmpty();
        }
    }

    @Test
    void aSupervisorWithoutContainersEndsAndSaysSo(@TempDir Path root) throws IOException {
        Supervisor supervisor = new Supervisor(root, new LocalMachines(), Clock.systemUTC());
        try (RequestPipe requests = RequestPipe.open(root)) {
            assertThat(root.resolve("contact")).exists();
            Main.serve(supervisor, requests, Duration.ZERO);
        }
        assertThat(root.resolve("contact")).doesNotExist();
    }

    @Test
    void whatHasStoppedIsRememberedAndWhatIsGoneHasStopped(@TempDir Path root) {
        Ledger ledger = new Ledger(root);
        ledger.write(entry("stopped").stopped(3));
        ledger.write(entry("lost"));
        ledger.write("lost", new Ledger.Exec(HOLDER, "exec-1", false, Optional.empty()));
        ledger.write(entry("half").withStatus(Entry.CREATING));

        new Supervisor(root, new LocalMachines(), Clock.systemUTC()).adopt();

        assertThat(ledger.entries())
                .containsExactlyInAnyOrder(
                        entry("stopped").stopped(3), entry("lost").stopped(ContainerLife.KILLED));
        assertThat(ledger.execs("lost")).isEmpty();
    }

    @Test
    void anErrorRecordIsOneLineOfJson(@TempDir Path directory) throws IOException {
        Path log = directory.resolve("log");
        ErrorRecord.append(
                log, true, "no \"x\"\n\\ \u0001", Instant.parse("2026-01-02T03:04:05.6Z"));

        assertThat(Files.readString(log))
                .isEqualTo(
                        "{\"level\":\"error\",\"msg\":\"no \\\"x\\\"\\n\\\\ \\u0001\",\"time\":\"2026-01-02T03:04:05Z\"}\n");
        assertThat(ErrorRecord.plain("a", Instant.EPOCH))
                .isEqualTo("time=\"1970-01-01T00:00:00Z\" level=error msg=\"a\"");
        ErrorRecord.append(
                directory, true, "not lost: it is on standard error, too", Instant.EPOCH);
    }

    @Test
    void statisticsAreRunscOnes() {
        ContainerStats stats =
                new ContainerStats(
                        new ContainerStats.Cpu(
                                Duration.ofNanos(3),
                                Duration.ofNanos(2),
                                Duration.ofNanos(1),
                                0,
                                Duration.ZERO),
                        new ContainerStats.Memory(
                                new MemorySize(5), new MemorySize(6), Optional.empty(), Map.of()),
                        new ContainerStats.Pids(1, 0),
                        List.of());

        assertThat(StatsJson.of("x", stats))
                .startsWith(
                        "{\"type\":\"stats\",\"id\":\"x\",\"data\":{\"cpu\":{\"usage\":{\"total\":3,")
                .contains("\"memory\":{\"usage\":{\"usage\":5,\"max\":6,\"limit\":0}}");
    }
}
