package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.oci.Process;
import dev.kumite.oci.Resources;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What another process does with a sandbox, against an agent without a guest. */
@Timeout(30)
class AttachedSandboxTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir Path root;
    private java.lang.Process machine;
    private FakeAgent agent;
    private Sandbox sandbox;
    private Container container;

    @BeforeEach
    void attach() throws IOException {
        machine = new ProcessBuilder("sleep", "60").start();
        WrittenSandbox.write(root, "box", "running", machine);
        agent = new FakeAgent(root.resolve("box/agent-1.sock"));
        sandbox = Engine.builder().root(root).build().attach("box");
        container = sandbox.container();
    }

    @AfterEach
    void end() {
        sandbox.close();
        agent.close();
        machine.destroyForcibly();
    }

    @Test
    void passesBytesBothWaysUnchanged() throws IOException {
        byte[] sent = new byte[1 << 20];
        new Random(1).nextBytes(sent);
        ContainerProcess process = container.exec(ProcessSpec.command("0"));

        try (OutputStream stdin = process.stdin()) {
            stdin.write(sent);
        }
        byte[] received = process.stdout().readAllBytes();

        assertThat(received).isEqualTo(sent);
        assertThat(process.await(SOON)).isEqualTo(new ExitStatus(0, false));
    }

    @Test
    void tellsTheExitCodeAsOftenAsOneAsks() throws IOException {
        ContainerProcess process = container.exec(ProcessSpec.command("42"));
        process.stdin().close();

        assertThat(process.await(SOON).code()).isEqualTo(42);
        assertThat(process.await().code()).isEqualTo(42);
    }

    @Test
    void cutsExitCodesThatNoProcessCanHave() throws IOException {
        ContainerProcess process = container.exec(ProcessSpec.command("70000"));
        process.stdin().close();

        assertThat(process.await(SOON).code()).isEqualTo(255);
    }

    @Test
    void waitsNoLongerThanItIsAsked() {
        ContainerProcess process = container.exec(ProcessSpec.command("0"));

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> process.await(Duration.ofMillis(50)))
                .matches(e -> e.category() == EngineException.Category.TIMEOUT);
    }

    @Test
    void endsWaitingWhenTheThreadIsInterrupted() {
        ContainerProcess process = container.exec(ProcessSpec.command("0"));
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> process.await(SOON))
                .matches(e -> e.category() == EngineException.Category.INTERRUPTED);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void givesAProgramTheEnvironmentOfTheContainer() {
        container.exec(ProcessSpec.builder().command("0").env("B", "2").build());

        assertThat(agent.calls.getLast()).contains("A=b=c", "B=2");
    }

    @Test
    void givesAWholeProcessNothingOfTheContainer() {
        Process given = ProcessSpec.builder().command("0").env("B", "2").build().process();

        container.exec(ProcessSpec.of(given));

        assertThat(agent.calls.getLast()).contains("B=2").doesNotContain("A=b=c");
    }

    @Test
    void saysWhyTheGuestCannotStartAProgramWithoutItsControlCharacters() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> container.exec(ProcessSpec.command("/missing")))
                .withMessageContaining("\"/missing\"")
                .matches(e -> e.category() == EngineException.Category.GUEST)
                .matches(e -> !e.getMessage().contains("\u001b") && !e.getMessage().contains("\n"));
    }

    @Test
    void takesAnErrorForTheEndOfAnOutput() throws IOException {
        ContainerProcess process = container.exec(ProcessSpec.command("0"));

        assertThat(process.stderr().read()).isEqualTo(-1);
    }

    @Test
    void aTerminalHasNoSeparateErrors() throws IOException {
        ContainerProcess process =
                container.exec(ProcessSpec.builder().command("0").terminal(24, 80).build());

        process.resize(30, 100);

        assertThat(process.terminal()).isTrue();
        assertThat(process.stderr().read()).isEqualTo(-1);
        assertThat(agent.calls).contains("resize 30x100");
    }

    @Test
    void readsSingleBytes() throws IOException {
        ContainerProcess process = container.exec(ProcessSpec.command("0"));
        try (OutputStream stdin = process.stdin()) {
            stdin.write(200);
            stdin.write('b');
        }
        InputStream stdout = process.stdout();

        assertThat(stdout.read()).isEqualTo(200);
        assertThat(stdout.available()).isZero();
        assertThat(stdout.read()).isEqualTo('b');
        assertThat(stdout.read()).isEqualTo(-1);
        assertThat(stdout.read(new byte[0])).isZero();
    }

    @Test
    void writesNothingMoreAfterTheEndOfTheInput() throws IOException {
        ContainerProcess process = container.exec(ProcessSpec.command("0"));
        process.stdin().close();
        process.stdin().close();

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> process.stdin().write(1));
    }

    @Test
    void sendsSignalsToOneProcessOrAll() {
        ContainerProcess process = container.exec(ProcessSpec.command("0"));

        process.signal(9);
        container.signal(15);
        container.signalAll(1);

        assertThat(agent.calls)
                .contains(
                        "signal 9 to \"" + process.id() + "\"",
                        "signal 15 to \"box\"",
                        "signal 1 to \"\"");
        assertThat(process.await(SOON).signal()).hasValue(9);
    }

    @Test
    void forgivesASignalToAProcessThatHasEnded() {
        container.signal(10);

        assertThat(agent.calls).contains("signal 10 to \"box\"");
    }

    @Test
    void readsStatsWhateverNumbersTheGuestHas() {
        ContainerStats stats = container.stats();

        assertThat(stats.cpu().total()).isEqualTo(Duration.ofSeconds(3));
        assertThat(stats.memory().usage().bytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(stats.memory().limit()).contains(MemorySize.ofMib(64));
        assertThat(stats.pids().current()).isEqualTo(2);
    }

    @Test
    void pausesOnlyWhatRuns() {
        container.pause();

        assertThat(agent.calls).contains("pause");
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(container::resume)
                .withMessageContaining("it is running");
    }

    @Test
    void changesLimitsWithoutTheHostsProcessors() {
        Resources limits =
                Workload.builder()
                        .rootfs(root)
                        .command("x")
                        .memory(MemorySize.ofMib(32))
                        .cpus(0.5)
                        .build()
                        .spec()
                        .linux()
                        .orElseThrow()
                        .resources()
                        .orElseThrow();

        container.update(limits);

        assertThat(agent.calls).contains("update memory " + (32 << 20) + " cpus \"\"");
    }

    @Test
    void showsTheStateOfTheContainer() {
        assertThat(container.state().status()).isEqualTo("running");
        assertThat(container.state().pid()).isEqualTo(machine.pid());
        assertThat(container.state().bundle()).isEqualTo("/bundle");
    }

    @Test
    void startsAndMakesNothingThatBelongsToTheOwner() {
        assertThat(sandbox.owner()).isFalse();
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(container::start)
                .matches(e -> e.category() == EngineException.Category.ILLEGAL_STATE);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(
                        () -> sandbox.create(Workload.builder().rootfs(root).command("x").build()))
                .matches(e -> e.category() == EngineException.Category.ILLEGAL_STATE);
        container.close();
        assertThat(sandbox.alive()).isTrue();
    }

    @Test
    void saysThatTheConnectionEndedWhenTheGuestIsGone() {
        ContainerProcess process = container.exec(ProcessSpec.command("0"));

        sandbox.agent().close();

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> process.await(SOON))
                .matches(e -> e.category() == EngineException.Category.CLOSED);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> process.stdout().read());
    }

    @Test
    void doesNothingMoreAfterItIsClosed() {
        sandbox.close();
        sandbox.close();

        assertThat(sandbox.alive()).isFalse();
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> container.exec(ProcessSpec.command("0")))
                .matches(e -> e.category() == EngineException.Category.CLOSED);
    }

    @Test
    void isAttachedToByThreeProcessesAtOnceAndNoMore() throws IOException {
        Path directory = root.resolve("box");
        Engine engine = Engine.builder().root(root).build();

        try (FakeAgent second = new FakeAgent(directory.resolve("agent-2.sock"));
                FakeAgent third = new FakeAgent(directory.resolve("agent-3.sock"));
                Sandbox two = engine.attach("box");
                Sandbox three = engine.attach("box")) {
            assertThat(two.id()).isEqualTo(three.id());
            assertThat(second.calls).isEqualTo(third.calls).isEmpty();
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> engine.attach("box"))
                    .matches(e -> e.category() == EngineException.Category.CONFLICT);
        }
    }

    @Test
    void refusesToAttachToAMachineThatIsGone() throws Exception {
        machine.destroyForcibly().waitFor();

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> Engine.builder().root(root).build().attach("box"))
                .matches(e -> e.category() == EngineException.Category.ILLEGAL_STATE);
        assertThat(Engine.builder().root(root).build().find("box").orElseThrow().state())
                .isEqualTo(SandboxStatus.State.DEAD);
    }

    @Test
    void notesWhatItDoesInTheRecord() {
        sandbox.note("hello");

        assertThat(sandbox.record().entries()).extracting(RecordEntry::text).contains("hello");
    }
}
