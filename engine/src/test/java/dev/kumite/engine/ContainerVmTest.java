package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.oci.Capabilities;
import dev.kumite.oci.Hooks;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Process;
import dev.kumite.oci.Root;
import dev.kumite.oci.Seccomp;
import dev.kumite.oci.Spec;
import dev.kumite.oci.Uint64;
import dev.kumite.oci.User;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers in one machine. */
@Tag("vm")
class ContainerVmTest {

    private static final byte[] NOTHING = {};
    private static final int BIG_BYTES = 64 << 20;

    @TempDir static Path files;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static Path root;
    private static Path rootfs;
    private static Engine engine;
    private static Sandbox sandbox;

    @BeforeAll
    static void boot() throws IOException {
        root = VmFixture.temporaryRoot();
        rootfs = TestRootfs.make(files.resolve("rootfs"));
        engine = VmFixture.engine(root);
        sandbox =
                engine.start(
                        Workload.builder()
                                .id("shared")
                                .rootfs(rootfs)
                                .command("sleep", "100000")
                                .build());
    }

    @AfterAll
    static void end() throws IOException {
        sandbox.close();
        assertThat(SandboxFinder.directories(root)).isEmpty();
        Files.deleteIfExists(root);
    }

    private static Workload.Builder shell(String script) {
        return Workload.builder()
                .id("c" + NUMBER.incrementAndGet())
                .rootfs(rootfs)
                .command("sh", "-c", script);
    }

    private static VmFixture.Result run(Workload.Builder workload) {
        return run(workload.build(), NOTHING);
    }

    private static VmFixture.Result run(ContainerRequest request, byte[] input) {
        try (Container container = sandbox.create(request)) {
            return VmFixture.finish(container.start(), input);
        }
    }

    private static ContainerRequest with(ContainerRequest request, Linux linux) {
        Spec old = request.spec();
        return new ContainerRequest(
                new Spec(
                        old.ociVersion(),
                        old.process(),
                        old.root(),
                        old.hostname(),
                        old.domainname(),
                        old.mounts(),
                        old.hooks(),
                        old.annotations(),
                        Optional.of(linux),
                        old.vm()),
                request.bundle(),
                request.id());
    }

    @ParameterizedTest
    @CsvSource({"exit 0,0", "exit 1,1", "exit 42,42"})
    void passesTheExitCodeOn(String script, int code) {
        assertThat(run(shell(script)).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"kill -TERM $$,143", "kill -KILL $$,137"})
    void turnsASignalIntoAnExitCode(String script, int code) {
        // Not the first process: the kernel keeps signals of its own from that.
        ContainerProcess process =
                sandbox.container().exec(ProcessSpec.command("sh", "-c", script));

        assertThat(VmFixture.finish(process, NOTHING).code()).isEqualTo(code);
    }

    @Test
    void keepsOutputAndErrorsApart() {
        VmFixture.Result result = run(shell("echo out; echo err >&2"));

        assertThat(result.stdout()).isEqualTo("out\n");
        assertThat(result.stderr()).isEqualTo("err\n");
    }

    @Test
    void endsTheInputOfTheProgram() {
        VmFixture.Result result =
                run(shell("cat; echo end").build(), "line\n".getBytes(StandardCharsets.UTF_8));

        assertThat(result.stdout()).isEqualTo("line\nend\n");
    }

    @Test
    void keepsAThousandLinesInOrder() {
        String script =
                "i=0; while [ $i -lt 1000 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done 2>&1";

        String[] lines = run(shell(script)).stdout().split("\n", -1);

        assertThat(lines).hasSize(2001);
        for (int i = 0; i < 1000; i++) {
            assertThat(lines[2 * i]).isEqualTo("o" + i);
            assertThat(lines[2 * i + 1]).isEqualTo("e" + i);
        }
    }

    @Test
    void passesSixtyFourMebibytesBothWaysUnchanged() throws Exception {
        try (Container container = sandbox.create(shell("cat").build())) {
            ContainerProcess process = container.start();
            CompletableFuture<String> received = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            MessageDigest digest = MessageDigest.getInstance("SHA-256");
                            try (var in = new DigestInputStream(process.stdout(), digest)) {
                                in.transferTo(OutputStream.nullOutputStream());
                            }
                            received.complete(hex(digest));
                        } catch (Exception e) {
                            received.completeExceptionally(e);
                        }
                    });
            MessageDigest sent = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[1 << 20];
            Random random = new Random(7);
            try (var out = new DigestOutputStream(process.stdin(), sent)) {
                for (int i = 0; i < BIG_BYTES / chunk.length; i++) {
                    random.nextBytes(chunk);
                    out.write(chunk);
                }
            }

            assertThat(received.get(VmFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(hex(sent));
            assertThat(process.await(VmFixture.PATIENCE).code()).isZero();
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void givesATerminalAndItsSize() throws Exception {
        ContainerRequest request =
                shell("stty size; read line; stty size; exit 3").terminal().build();
        try (Container container = sandbox.create(request)) {
            ContainerProcess process = container.start();
            CompletableFuture<byte[]> output = VmFixture.read(process.stdout());
            process.resize(33, 77);
            process.stdin().write('\n');

            assertThat(process.await(VmFixture.PATIENCE).code()).isEqualTo(3);
            assertThat(VmFixture.text(output)).contains("33 77").contains("\r\n");
        }
    }

    @Test
    void givesTheProgramItsEnvironmentDirectoryAndUser() {
        VmFixture.Result result =
                run(
                        shell("echo \"$A|$(pwd)|$(id -u)|$(id -g)|$(id -G)\"")
                                .env("A", "b=c")
                                .cwd("/tmp")
                                .user(new User(1000, 1001, Optional.empty(), List.of(5L, 7L), "")));

        assertThat(result.stdout()).isEqualTo("b=c|/tmp|1000|1001|1001 5 7\n");
    }

    @Test
    void givesFewCapabilitiesAndNoWayToMore() {
        VmFixture.Result result =
                run(shell("grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status"));

        // CAP_KILL 5, CAP_NET_BIND_SERVICE 10, CAP_AUDIT_WRITE 29
        assertThat(result.stdout())
                .contains("CapEff:\t0000000020000420")
                .contains("CapBnd:\t0000000020000420")
                .contains("NoNewPrivs:\t1");
    }

    @Test
    void writesNothingToAReadOnlyRoot() {
        VmFixture.Result result = run(shell("touch /x; echo $?").readOnlyRoot());

        assertThat(result.stdout()).isEqualTo("1\n");
        assertThat(result.stderr()).contains("Read-only file system");
        assertThat(rootfs.resolve("x")).doesNotExist();
    }

    @Test
    void saysThatMemoryRanOut() {
        VmFixture.Result result =
                run(
                        shell("head -c 200000000 /dev/zero | tail -c 150000000 >/dev/null; exit $?")
                                .memory(MemorySize.ofMib(32)));

        assertThat(result.code()).isEqualTo(137);
        assertThat(result.oom()).isTrue();
    }

    @Test
    void limitsProcessorTimeAndProcesses() {
        VmFixture.Result result =
                run(
                        shell(
                                        "cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/pids.max;"
                                                + " for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & done; wait")
                                .cpus(0.5)
                                .pids(6));

        assertThat(result.stdout()).startsWith("50000 100000\n6\n");
        assertThat(result.stderr()).contains("can't fork");
    }

    @Test
    void filtersSystemCalls() {
        ContainerRequest request = shell("mkdir /tmp/filtered").build();
        Linux linux = request.spec().linux().orElseThrow();
        Seccomp filter =
                new Seccomp(
                        "SCMP_ACT_ALLOW",
                        Optional.empty(),
                        List.of("SCMP_ARCH_X86_64"),
                        List.of(),
                        "",
                        "",
                        List.of(
                                new Seccomp.Syscall(
                                        List.of("mkdir", "mkdirat"),
                                        "SCMP_ACT_ERRNO",
                                        Optional.of(Uint64.of(95)),
                                        List.of())));
        Linux filtered =
                new Linux(
                        linux.uidMappings(),
                        linux.gidMappings(),
                        linux.sysctl(),
                        linux.resources(),
                        linux.cgroupsPath(),
                        linux.namespaces(),
                        linux.devices(),
                        Optional.of(filter),
                        linux.rootfsPropagation(),
                        linux.maskedPaths(),
                        linux.readonlyPaths(),
                        linux.mountLabel(),
                        linux.intelRdt(),
                        linux.personality(),
                        linux.timeOffsets());

        VmFixture.Result result = run(with(request, filtered), NOTHING);

        assertThat(result.code()).isNotZero();
        assertThat(result.stderr()).contains("not supported");
    }

    @Test
    void masksFilesOfTheKernel() {
        VmFixture.Result result =
                run(shell("wc -c </proc/timer_list; echo x 2>&1 >/proc/sys/kernel/hostname"));

        assertThat(result.stdout()).startsWith("0\n").contains("Read-only file system");
    }

    @Test
    void showsTwentyMounts() throws IOException {
        Workload.Builder workload = shell("cat /m/*/name; echo new > /m/3/new; touch /m/4/x");
        for (int i = 0; i < 20; i++) {
            Path volume = Files.createDirectory(files.resolve("volume" + i));
            Files.writeString(volume.resolve("name"), i + "\n");
            if (i == 4) {
                workload.mountReadOnly(volume, "/m/" + i);
            } else {
                workload.mount(volume, "/m/" + i);
            }
        }

        VmFixture.Result result = run(workload);

        assertThat(result.stdout().lines()).hasSize(20).contains("0", "19");
        assertThat(files.resolve("volume3/new")).content().isEqualTo("new\n");
        assertThat(result.stderr()).contains("Read-only file system");
        assertThat(files.resolve("volume4/x")).doesNotExist();
    }

    @Test
    void showsSingleFiles() throws IOException {
        Path hosts = Files.writeString(files.resolve("hosts"), "127.0.0.1 me\n");

        VmFixture.Result result = run(shell("cat /etc/hosts").mountReadOnly(hosts, "/etc/hosts"));

        assertThat(result.stdout()).isEqualTo("127.0.0.1 me\n");
    }

    @Test
    void takesARelativeRootFromTheBundle() throws IOException {
        Path bundle = Files.createDirectory(files.resolve("bundle"));
        TestRootfs.make(Files.createDirectory(bundle.resolve("rootfs")));
        Spec spec = shell("echo from the bundle").build().spec();
        Spec relative =
                new Spec(
                        spec.ociVersion(),
                        spec.process(),
                        Optional.of(new Root("rootfs", false)),
                        "guesthost",
                        "",
                        spec.mounts(),
                        Optional.empty(),
                        spec.annotations(),
                        spec.linux(),
                        Optional.empty());
        Files.writeString(bundle.resolve("config.json"), dev.kumite.oci.SpecWriter.write(relative));

        VmFixture.Result result =
                run(ContainerRequest.ofBundle(bundle, "c" + NUMBER.incrementAndGet()), NOTHING);

        assertThat(result.stdout()).isEqualTo("from the bundle\n");
    }

    @Test
    void runsHooksOnTheHostInTheirOrder() throws IOException {
        Path log = files.resolve("hooks.log");
        ContainerRequest request = shell("exit 0").build();
        Spec spec = request.spec();
        Spec hooked =
                new Spec(
                        spec.ociVersion(),
                        spec.process(),
                        spec.root(),
                        "",
                        "",
                        spec.mounts(),
                        Optional.of(
                                new Hooks(
                                        hook("prestart", log),
                                        hook("createRuntime", log),
                                        hook("createContainer", log),
                                        List.of(),
                                        hook("poststart", log),
                                        hook("poststop", log))),
                        spec.annotations(),
                        spec.linux(),
                        Optional.empty());

        VmFixture.Result result =
                run(new ContainerRequest(hooked, request.bundle(), request.id()), NOTHING);

        assertThat(result.code()).isZero();
        assertThat(Files.readAllLines(log))
                .containsExactly(
                        "prestart", "createRuntime", "createContainer", "poststart", "poststop");
    }

    private static List<Hooks.Hook> hook(String name, Path log) {
        return List.of(
                new Hooks.Hook(
                        "/bin/sh",
                        List.of("sh", "-c", "echo " + name + " >> " + log),
                        List.of("PATH=/bin:/usr/bin"),
                        Optional.empty()));
    }

    @Test
    void makesNothingWhenAHookFails() {
        ContainerRequest request = shell("exit 0").build();
        Spec spec = request.spec();
        Hooks.Hook failing =
                new Hooks.Hook("/bin/false", List.of("false"), List.of(), Optional.empty());
        Spec hooked =
                new Spec(
                        spec.ociVersion(),
                        spec.process(),
                        spec.root(),
                        "",
                        "",
                        spec.mounts(),
                        Optional.of(
                                new Hooks(
                                        List.of(failing),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of())),
                        spec.annotations(),
                        spec.linux(),
                        Optional.empty());

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() ->
                        sandbox.create(
                                new ContainerRequest(hooked, request.bundle(), request.id())))
                .withMessageContaining("prestart hook \"/bin/false\"");
        assertThat(sandbox.container(request.id())).isEmpty();
        assertThat(sandbox.directory().resolve("tree").resolve(request.id())).doesNotExist();
    }

    @Test
    void runsAFurtherProgram() {
        ContainerProcess process =
                sandbox.container()
                        .exec(
                                ProcessSpec.builder()
                                        .command("sh", "-c", "echo $X; pwd; exit 5")
                                        .env("X", "y")
                                        .cwd("/tmp")
                                        .build());

        VmFixture.Result result = VmFixture.finish(process, NOTHING);

        assertThat(result).isEqualTo(new VmFixture.Result("y\n/tmp\n", "", 5, false));
    }

    @Test
    void saysThatAProgramIsNotThere() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> sandbox.container().exec(ProcessSpec.command("/no/such")))
                .matches(e -> e.category() == EngineException.Category.GUEST);
    }

    @Test
    void sendsSignalsToTheProgram() {
        ContainerRequest request =
                shell("trap 'exit 9' USR1; echo ready; while :; do sleep 0.1; done").build();
        try (Container container = sandbox.create(request)) {
            ContainerProcess process = container.start();
            CompletableFuture<byte[]> output = VmFixture.read(process.stdout());
            awaitReady(container);

            container.signal(10);

            assertThat(process.await(VmFixture.PATIENCE).code()).isEqualTo(9);
            assertThat(VmFixture.text(output)).isEqualTo("ready\n");
            assertThat(container.state().status()).isEqualTo("stopped");
            container.signal(15);
        }
    }

    private static void awaitReady(Container container) {
        // The trap is set before the first program is started.
        VmFixture.Result result =
                VmFixture.finish(
                        container.exec(
                                ProcessSpec.command(
                                        "sh",
                                        "-c",
                                        "while ! grep -q sleep /proc/[0-9]*/comm; do sleep 0.1; done")),
                        NOTHING);
        assertThat(result.code()).isZero();
    }

    @Test
    void pausesAndResumes() {
        try (Container container = sandbox.create(shell("sleep 1000").build())) {
            container.start();
            container.pause();
            assertThat(container.state().status()).isEqualTo("paused");
            container.resume();
            assertThat(container.state().status()).isEqualTo("running");
            container.signalAll(9);
            assertThat(container.process().await(VmFixture.PATIENCE).code()).isEqualTo(137);
        }
    }

    @Test
    void measuresAndChangesLimits() {
        try (Container container =
                sandbox.create(shell("sleep 1000").memory(MemorySize.ofMib(64)).build())) {
            container.start();
            assertThat(container.stats().memory().limit()).contains(MemorySize.ofMib(64));
            assertThat(container.stats().pids().current()).isPositive();

            container.update(
                    shell("")
                            .memory(MemorySize.ofMib(48))
                            .build()
                            .spec()
                            .linux()
                            .orElseThrow()
                            .resources()
                            .orElseThrow());

            assertThat(container.stats().memory().limit()).contains(MemorySize.ofMib(48));
        }
    }

    @Test
    void isFoundAndEnteredByAnotherProcess() {
        assertThat(engine.list())
                .extracting(SandboxStatus::id, SandboxStatus::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("shared", SandboxStatus.State.RUNNING));
        try (Sandbox other = engine.attach("shared")) {
            ContainerProcess process = other.container().exec(ProcessSpec.command("echo", "hello"));

            assertThat(VmFixture.finish(process, NOTHING).stdout()).isEqualTo("hello\n");
        }
        assertThat(engine.collectGarbage().inUse()).containsExactly("shared");
        assertThat(sandbox.alive()).isTrue();
    }

    @Test
    void refusesASecondContainerOfTheSameName() {
        ContainerRequest same =
                Workload.builder().id("shared").rootfs(rootfs).command("true").build();

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> sandbox.create(same))
                .matches(e -> e.category() == EngineException.Category.CONFLICT);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.start(same))
                .matches(e -> e.category() == EngineException.Category.CONFLICT);
    }

    @Test
    void recordsTheStartWithItsTimings() {
        assertThat(sandbox.timings().entries())
                .extracting(Timings.Entry::step)
                .containsExactly(Step.values());
        assertThat(sandbox.record().entries())
                .extracting(RecordEntry::source)
                .contains(
                        RecordEntry.Source.RUNTIME,
                        RecordEntry.Source.VIRTIOFSD,
                        RecordEntry.Source.CONSOLE,
                        RecordEntry.Source.AGENT);
    }

    @Test
    void hasSpecificationsOfItsOwnForFurtherPrograms() {
        Process process =
                new Process(
                        false,
                        Optional.empty(),
                        new User(33, 44, Optional.empty(), List.of(), ""),
                        List.of("id"),
                        "",
                        List.of("PATH=/bin"),
                        "/",
                        Optional.of(Capabilities.empty()),
                        List.of(),
                        true,
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        "",
                        Optional.empty(),
                        Optional.empty());

        VmFixture.Result result =
                VmFixture.finish(sandbox.container().exec(ProcessSpec.of(process)), NOTHING);

        assertThat(result.stdout()).contains("uid=33").contains("gid=44");
    }
}
