package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.oci.Linux;
import dev.kumite.oci.Namespace;
import dev.kumite.oci.Root;
import dev.kumite.oci.Seccomp;
import dev.kumite.oci.Spec;
import dev.kumite.oci.Uint64;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Containers: files, limits, and what is seen of them. */
@Tag("vm")
@ExtendWith(SharedMachine.Extension.class)
class ContainerVmTest {

    private final SharedMachine machine;

    ContainerVmTest(SharedMachine machine) {
        this.machine = machine;
    }

    /** {@return the same with other namespaces and another filter of system calls} */
    private static ContainerRequest with(
            ContainerRequest request, List<Namespace> namespaces, Optional<Seccomp> filter) {
        Spec old = request.spec();
        Linux linux = old.linux().orElseThrow();
        Linux other =
                new Linux(
                        linux.uidMappings(),
                        linux.gidMappings(),
                        linux.sysctl(),
                        linux.resources(),
                        linux.cgroupsPath(),
                        namespaces,
                        linux.devices(),
                        filter,
                        linux.rootfsPropagation(),
                        linux.maskedPaths(),
                        linux.readonlyPaths(),
                        linux.mountLabel(),
                        linux.intelRdt(),
                        linux.personality(),
                        linux.timeOffsets());
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
                        Optional.of(other),
                        old.vm()),
                request.bundle(),
                request.id());
    }

    @Test
    void writesNothingToAReadOnlyRoot() {
        VmFixture.Result result = machine.run(machine.shell("touch /x; echo $?").readOnlyRoot());

        assertThat(result.stdout()).isEqualTo("1\n");
        assertThat(result.stderr()).contains("Read-only file system");
        assertThat(machine.rootfs().resolve("x")).doesNotExist();
    }

    @Test
    void saysThatMemoryRanOut() {
        VmFixture.Result result =
                machine.run(
                        machine.shell(
                                        "head -c 200000000 /dev/zero | tail -c 150000000 >/dev/null; exit $?")
                                .memory(MemorySize.ofMib(32)));

        assertThat(result.code()).isEqualTo(137);
        assertThat(result.oom()).isTrue();
    }

    @Test
    void limitsProcessorTimeAndProcesses() {
        VmFixture.Result result =
                machine.run(
                        machine.shell(
                                        "cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/pids.max;"
                                                + " for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & done; wait")
                                .cpus(0.5)
                                .pids(6));

        assertThat(result.stdout()).startsWith("50000 100000\n6\n");
        assertThat(result.stderr()).contains("can't fork");
    }

    @Test
    void whatAProgramHasLeftGetsTheSignalsAfterItsEnd(@TempDir Path volume) {
        ContainerRequest request =
                machine.shell(
                                """
                                {
                                    while kill -0 $$; do usleep 10000; done 2>/dev/null
                                    echo >/v/alone
                                    exec sleep 1000
                                } &
                                exit 3\
                                """)
                        .mount(volume, "/v")
                        .build();
        Linux linux = request.spec().linux().orElseThrow();
        List<Namespace> others =
                linux.namespaces().stream().filter(one -> !one.type().equals("pid")).toList();
        try (Container container =
                machine.sandbox().create(with(request, others, linux.seccomp()))) {
            ContainerProcess process = container.start();
            VmFixture.await(volume.resolve("alone"));

            container.signal(15);

            assertThat(process.await(VmFixture.PATIENCE).code()).isEqualTo(3);
        }
    }

    @Test
    void filtersSystemCalls() {
        ContainerRequest request = machine.shell("mkdir /tmp/filtered").build();
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

        VmFixture.Result result =
                machine.run(
                        with(request, linux.namespaces(), Optional.of(filter)),
                        SharedMachine.NOTHING);

        assertThat(result.code()).isNotZero();
        assertThat(result.stderr()).contains("not supported");
    }

    @Test
    void masksFilesOfTheKernel() {
        VmFixture.Result result =
                machine.run(
                        machine.shell(
                                "wc -c </proc/timer_list; echo x 2>&1 >/proc/sys/kernel/hostname"));

        assertThat(result.stdout()).startsWith("0\n").contains("Read-only file system");
    }

    @Test
    void showsTwentyMounts() throws IOException {
        Workload.Builder workload =
                machine.shell("cat /m/*/name; echo new > /m/3/new; touch /m/4/x");
        for (int i = 0; i < 20; i++) {
            Path volume = Files.createDirectory(machine.files().resolve("volume" + i));
            Files.writeString(volume.resolve("name"), i + "\n");
            if (i == 4) {
                workload.mountReadOnly(volume, "/m/" + i);
            } else {
                workload.mount(volume, "/m/" + i);
            }
        }

        VmFixture.Result result = machine.run(workload);

        assertThat(result.stdout().lines()).hasSize(20).contains("0", "19");
        assertThat(machine.files().resolve("volume3/new")).content().isEqualTo("new\n");
        assertThat(result.stderr()).contains("Read-only file system");
        assertThat(machine.files().resolve("volume4/x")).doesNotExist();
    }

    @Test
    void showsSingleFiles() throws IOException {
        Path hosts = Files.writeString(machine.files().resolve("hosts"), "127.0.0.1 me\n");

        VmFixture.Result result =
                machine.run(machine.shell("cat /etc/hosts").mountReadOnly(hosts, "/etc/hosts"));

        assertThat(result.stdout()).isEqualTo("127.0.0.1 me\n");
    }

    @Test
    void takesARelativeRootFromTheBundle() throws IOException {
        Path bundle = Files.createDirectory(machine.files().resolve("bundle"));
        TestRootfs.make(Files.createDirectory(bundle.resolve("rootfs")));
        Spec spec = machine.shell("echo from the bundle").build().spec();
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
                machine.run(
                        ContainerRequest.ofBundle(bundle, machine.name()), SharedMachine.NOTHING);

        assertThat(result.stdout()).isEqualTo("from the bundle\n");
    }

    @Test
    void pausesAndResumes() {
        try (Container container = machine.sandbox().create(machine.shell("sleep 1000").build())) {
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
                machine.sandbox()
                        .create(machine.shell("sleep 1000").memory(MemorySize.ofMib(64)).build())) {
            container.start();
            assertThat(container.stats().memory().limit()).contains(MemorySize.ofMib(64));
            assertThat(container.stats().pids().current()).isPositive();

            container.update(
                    machine.shell("")
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
        assertThat(machine.engine().list())
                .extracting(SandboxStatus::id, SandboxStatus::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("shared", SandboxStatus.State.RUNNING));
        try (Sandbox other = machine.engine().attach("shared")) {
            ContainerProcess process = other.container().exec(ProcessSpec.command("echo", "hello"));

            assertThat(VmFixture.finish(process, SharedMachine.NOTHING).stdout())
                    .isEqualTo("hello\n");
        }
        assertThat(machine.engine().collectGarbage().inUse()).containsExactly("shared");
        assertThat(machine.sandbox().alive()).isTrue();
    }

    @Test
    void refusesASecondContainerOfTheSameName() {
        ContainerRequest same =
                Workload.builder().id("shared").rootfs(machine.rootfs()).command("true").build();

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> machine.sandbox().create(same))
                .matches(e -> e.category() == EngineException.Category.CONFLICT);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> machine.engine().start(same))
                .matches(e -> e.category() == EngineException.Category.CONFLICT);
    }

    @Test
    void recordsTheStartWithItsTimings() {
        assertThat(machine.sandbox().timings().entries())
                .extracting(Timings.Entry::step)
                .filteredOn(step -> step != Step.TEMPLATE)
                .containsExactly(
                        EnumSet.complementOf(EnumSet.of(Step.NETWORK, Step.TEMPLATE))
                                .toArray(new Step[0]));
        assertThat(machine.sandbox().record().entries())
                .extracting(RecordEntry::source)
                .contains(
                        RecordEntry.Source.RUNTIME,
                        RecordEntry.Source.VIRTIOFSD,
                        RecordEntry.Source.AGENT);
    }
}
