package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.Param;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.Settings;
import dev.kumite.config.SystemHost;
import dev.kumite.linux.MountTable;
import dev.kumite.linux.Mounts;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.Signals;
import dev.kumite.oci.Capabilities;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Process;
import dev.kumite.oci.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong, with real machines; a test for each {@link Fault}. */
@Tag("vm")
class FaultVmTest {

    private static final int KILL = 9;

    @TempDir static Path files;
    private static Path rootfs;
    private Path root;
    private Engine engine;

    @BeforeAll
    static void makeRootfs() {
        rootfs = TestRootfs.make(files.resolve("rootfs"));
    }

    @BeforeEach
    void open() {
        root = VmFixture.temporaryRoot();
        engine = VmFixture.engine(root);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(SandboxFinder.directories(root)).isEmpty();
        assertThat(MountTable.read().below(root)).isEmpty();
        assertThat(VmFixture.processesThatName(root)).isEmpty();
        Path kept = root.resolve(KeptRecords.DIRECTORY);
        for (Path record : SandboxFinder.directories(kept)) {
            for (String name :
                    List.of("record.jsonl", "console.log", "qemu.log", "virtiofsd.log")) {
                Files.deleteIfExists(record.resolve(name));
            }
            Files.delete(record);
        }
        Files.deleteIfExists(kept);
        Files.delete(root);
    }

    private static ContainerRequest sleeper() {
        return Workload.builder().id("box").rootfs(rootfs).command("sleep", "100000").build();
    }

    private SandboxState state() throws IOException {
        return SandboxHome.read(root.resolve("box")).orElseThrow();
    }

    private static void expect(Fault fault, EngineException e) {
        assertThat(e.getMessage()).contains(fault.message());
    }

    /** Breaks a sandbox, and says what whoever waits for its container is told. */
    private EngineException waitWhile(Breaking breaking) throws Exception {
        try (Sandbox sandbox = engine.start(sleeper())) {
            breaking.run(sandbox);
            EngineException e =
                    catchThrowableOfType(
                            EngineException.class,
                            () -> sandbox.container().process().await(Duration.ofSeconds(60)));
            assertThat(e.category()).isEqualTo(EngineException.Category.CLOSED);
            assertThat(sandbox.alive()).isFalse();
            return e;
        }
    }

    @FunctionalInterface
    private interface Breaking {
        void run(Sandbox sandbox) throws Exception;
    }

    @Test
    void survivesQemuKilled() throws Exception {
        EngineException e = waitWhile(_ -> state().machine().qemu().orElseThrow().signal(KILL));

        expect(Fault.QEMU_KILLED, e);
    }

    @Test
    void survivesVirtiofsdKilled() throws Exception {
        EngineException e =
                waitWhile(_ -> state().machine().virtiofsd().orElseThrow().signal(KILL));

        expect(Fault.VIRTIOFSD_KILLED, e);
    }

    /** Pages that arrive later must find their file system. */
    @Test
    void survivesReaderKilled() throws Exception {
        try (Sandbox sandbox = engine.start(sleeper())) {
            for (int i = 0; i < 6; i++) {
                killWhileItLoadsItsPrograms(sandbox, 20 + 40 * i);
            }
            assertThat(
                            VmFixture.finish(
                                    sandbox.container().exec(ProcessSpec.command("echo", "on")),
                                    new byte[0]))
                    .isEqualTo(new VmFixture.Result("on\n", "", 0, false));
        }
    }

    private void killWhileItLoadsItsPrograms(Sandbox sandbox, int millis) throws Exception {
        ContainerRequest reader =
                Workload.builder()
                        .id("reader")
                        .rootfs(rootfs)
                        .command("sh", "-c", "sleep 999 & sleep 999 & echo >/dev/null; sleep 999")
                        .build();
        try (Container container = sandbox.create(reader)) {
            ContainerProcess process = container.start();
            Thread.sleep(millis);
            List<ProcessIdentity> daemon = virtiofsd();
            daemon.forEach(one -> one.signal(Signals.STOP));
            Thread later =
                    Thread.ofVirtual()
                            .start(() -> {
                                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                                daemon.forEach(one -> one.signal(Signals.CONT));
                            });
            container.signal(KILL);
            later.join();
            assertThat(process.await(VmFixture.PATIENCE).code()).isEqualTo(137);
        }
    }

    /** {@return virtiofsd, and the process that does the work, in a sandbox of its own} */
    private List<ProcessIdentity> virtiofsd() throws IOException {
        List<ProcessIdentity> processes = new ArrayList<>();
        ProcessIdentity daemon = state().machine().virtiofsd().orElseThrow();
        processes.add(daemon);
        ProcessHandle.of(daemon.pid())
                .orElseThrow()
                .descendants()
                .forEach(other ->
                        processes.add(ProcessIdentity.of((int) other.pid()).orElseThrow()));
        return processes;
    }

    /** {@return a container that is in the guest's own process namespace, with all rights there} */
    private static ContainerRequest insider(String script) {
        ContainerRequest plain =
                Workload.builder().id("insider").rootfs(rootfs).command("sh", "-c", script).build();
        Spec spec = plain.spec();
        Linux linux = spec.linux().orElseThrow();
        Process process = spec.process().orElseThrow();
        Capabilities all =
                Capabilities.ofAll(List.of("CAP_KILL", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE"));
        Linux open =
                new Linux(
                        List.of(),
                        List.of(),
                        linux.sysctl(),
                        linux.resources(),
                        "",
                        linux.namespaces().stream()
                                .filter(namespace -> !namespace.type().equals("pid"))
                                .toList(),
                        List.of(),
                        Optional.empty(),
                        "",
                        List.of(),
                        List.of(),
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        linux.timeOffsets());
        return new ContainerRequest(
                new Spec(
                        spec.ociVersion(),
                        Optional.of(process.withCapabilities(Optional.of(all))),
                        spec.root(),
                        "",
                        "",
                        spec.mounts(),
                        Optional.empty(),
                        spec.annotations(),
                        Optional.of(open),
                        Optional.empty()),
                plain.bundle(),
                plain.id());
    }

    @Test
    void survivesAgentKilled() throws Exception {
        EngineException e =
                waitWhile(sandbox -> sandbox.create(insider("kill -9 $(pidof java)")).start());

        expect(Fault.AGENT_KILLED, e);
    }

    @Test
    void survivesGuestPanic() throws Exception {
        EngineException e =
                waitWhile(sandbox ->
                        sandbox.create(
                                        insider(
                                                "echo 1 > /proc/sys/kernel/sysrq;"
                                                        + " echo c > /proc/sysrq-trigger"))
                                .start());

        expect(Fault.GUEST_PANIC, e);
        // The last line is the panic's first one: what is before it says why.
        assertThat(e.evidence().getLast()).contains("Kernel panic - not syncing: sysrq");
        assertThat(String.join("\n", e.evidence())).contains("Trigger a crash");
    }

    private EngineException failedStart(Engine broken) {
        EngineException e =
                catchThrowableOfType(EngineException.class, () -> broken.start(sleeper()));
        assertThat(e).isNotNull();
        return e;
    }

    private Engine withParameter(String name, String value, Deadlines deadlines) {
        RuntimeConfig builtIn = BootFiles.builtIn(SystemHost.open());
        List<Param> parameters =
                new ArrayList<>(builtIn.hypervisorConfig().get(HypervisorConfig.KERNEL_PARAMS));
        parameters.add(new Param(name, value));
        return Engine.builder()
                .root(root)
                .configuration(
                        VmFixture.withoutTemplates(builtIn)
                                .withHypervisorConfig(
                                        builtIn.hypervisorConfig().toBuilder()
                                                .set(
                                                        HypervisorConfig.KERNEL_PARAMS,
                                                        parameters,
                                                        new Origin.Argument("test"))
                                                .build()))
                .guest(VmFixture.guest())
                .deadlines(deadlines)
                .build();
    }

    @Test
    void survivesPanicAtBoot() {
        EngineException e = failedStart(withParameter("rdinit", "/bin/false", VmFixture.DEADLINES));

        expect(Fault.PANIC_AT_BOOT, e);
        assertThat(e.step()).contains(Step.AGENT);
        assertThat(String.join("\n", e.evidence())).contains("panic");
        assertThat(e.record()).isPresent();
        assertThat(engine.record("box").entries())
                .extracting(RecordEntry::text)
                .anyMatch(text -> text.startsWith("failed: "));
    }

    @Test
    void survivesSilentGuest() {
        // A shell that waits for a line from the console.
        EngineException e =
                failedStart(
                        withParameter(
                                "rdinit",
                                "/bin/sh",
                                Deadlines.DEFAULT.withAgent(Duration.ofSeconds(40))));

        expect(Fault.SILENT_GUEST, e);
        assertThat(e.category()).isEqualTo(EngineException.Category.TIMEOUT);
        assertThat(e.step()).contains(Step.AGENT);
        assertThat(e.evidence()).isNotEmpty();
    }

    @Test
    void survivesMissingKernel() {
        EngineException e =
                failedStart(Engine.builder().root(root).guest(files.resolve("no-guest")).build());

        expect(Fault.MISSING_KERNEL, e);
        assertThat(e.category()).isEqualTo(EngineException.Category.REFUSED);
    }

    private Engine withMachine(UnaryOperator<Settings.Builder<HypervisorConfig>> change) {
        RuntimeConfig builtIn = BootFiles.builtIn(SystemHost.open());
        return Engine.builder()
                .root(root)
                .configuration(
                        VmFixture.withoutTemplates(builtIn)
                                .withHypervisorConfig(
                                        change.apply(builtIn.hypervisorConfig().toBuilder())
                                                .build()))
                .guest(VmFixture.guest())
                .deadlines(VmFixture.DEADLINES)
                .build();
    }

    @Test
    void survivesNotEnoughMemory() {
        HostMemory host = HostMemory.read();
        Origin origin = new Origin.Argument("test");
        for (boolean atOnce : List.of(false, true)) {
            long wanted = (atOnce ? host.available() : host.total()) + 4096;
            EngineException e =
                    failedStart(
                            withMachine(machine ->
                                    machine.set(HypervisorConfig.MEMORY_SIZE, wanted, origin)
                                            .set(HypervisorConfig.MEM_PREALLOC, atOnce, origin)));

            expect(Fault.NOT_ENOUGH_MEMORY, e);
            assertThat(e.category()).isEqualTo(EngineException.Category.REFUSED);
        }
    }

    @Test
    void survivesMemoryRefused() throws IOException {
        Path limited = files.resolve("limited-qemu");
        String qemu =
                BootFiles.builtIn(SystemHost.open())
                        .hypervisorConfig()
                        .get(HypervisorConfig.HYPERVISOR_PATH);
        Files.writeString(limited, "#!/bin/sh\nulimit -v 1500000\nexec '" + qemu + "' \"$@\"\n");
        Files.setPosixFilePermissions(limited, PosixFilePermissions.fromString("rwx------"));

        EngineException e =
                failedStart(
                        withMachine(machine ->
                                machine.set(
                                        HypervisorConfig.HYPERVISOR_PATH,
                                        limited.toString(),
                                        new Origin.Argument("test"))));

        assertThat(String.join("\n", e.evidence())).contains(Fault.MEMORY_REFUSED.message());
        assertThat(e.remedy()).contains("default_memory");
    }

    @Test
    void survivesDiskFull() throws IOException {
        Path small = Files.createDirectory(root.resolve(".small"));
        Mounts.mount("tmpfs", small, "tmpfs", 0, "size=16k");
        try {
            Files.write(small.resolve("filler"), new byte[8 << 10]);
            EngineException e =
                    failedStart(
                            Engine.builder()
                                    .root(small.resolve("r"))
                                    .guest(VmFixture.guest())
                                    .deadlines(VmFixture.DEADLINES)
                                    .build());

            assertThat(e.getMessage().toLowerCase(java.util.Locale.ROOT))
                    .contains(Fault.DISK_FULL.message());
            assertThat(SandboxFinder.directories(small.resolve("r"))).isEmpty();
        } finally {
            Mounts.detach(small);
            Files.delete(small);
        }
    }

    @Test
    void survivesQemuKilledAtStart() throws Exception {
        Thread killer =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                awaitQemu().signal(KILL);
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        });

        EngineException e = failedStart(engine);
        killer.join();

        expect(Fault.QEMU_KILLED_AT_START, e);
        assertThat(e.category()).isEqualTo(EngineException.Category.HYPERVISOR);
    }

    /** {@return QEMU, as soon as the agent is waited for} */
    private ProcessIdentity awaitQemu() throws IOException {
        long end = System.nanoTime() + VmFixture.PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            if (Files.exists(root.resolve("box/state.json"))
                    && Files.exists(root.resolve("box/record.jsonl"))
                    && Files.readString(root.resolve("box/record.jsonl"))
                            .contains("agent: begins")) {
                return state().machine().qemu().orElseThrow();
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("QEMU was not started");
    }

    private OwnerProcess owner() throws IOException {
        return OwnerProcess.start(FaultOwner.class, root, rootfs);
    }

    @Test
    void survivesOwnerKilledAtStart() throws Exception {
        ProcessIdentity qemu;
        try (OwnerProcess owner = owner()) {
            owner.awaitLine("begins");
            qemu = awaitQemu();
            owner.kill();
        }
        assertThat(qemu.isAlive()).isTrue();

        GarbageReport report = engine.collectGarbage();

        assertThat(report).isEqualTo(new GarbageReport(List.of("box"), List.of(), List.of()));
        assertThat(qemu.isAlive()).isFalse();
    }

    @Test
    void survivesOwnerKilledWhileRunning() throws Exception {
        try (OwnerProcess owner = owner()) {
            owner.awaitLine("runs");
            owner.kill();
        }
        assertThat(engine.find("box").orElseThrow().state())
                .isEqualTo(SandboxStatus.State.ORPHANED);

        try (Sandbox adopted = engine.adopt("box")) {
            assertThat(adopted.owner()).isTrue();
            assertThat(adopted.container().state().status()).isEqualTo("running");
            assertThat(
                            VmFixture.finish(
                                    adopted.container().exec(ProcessSpec.command("echo", "on")),
                                    new byte[0]))
                    .isEqualTo(new VmFixture.Result("on\n", "", 0, false));
            adopted.container().signal(KILL);
            assertThat(adopted.container().process().await(VmFixture.PATIENCE).code())
                    .isEqualTo(137);
        }
    }

    @Test
    void survivesOwnerKilledAtTeardown() throws Exception {
        try (OwnerProcess owner = owner()) {
            owner.awaitLine("runs");
            owner.goOn();
            owner.awaitLine("ends");
            owner.kill();
        }

        GarbageReport report = engine.collectGarbage();

        assertThat(report.failures()).isEmpty();
        assertThat(engine.collectGarbage().released()).isEmpty();
    }
}
