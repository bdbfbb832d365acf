package dev.kumite.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.linux.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTemplateTest {

    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(1));

    @TempDir Path directory;
    private Path kernel;
    private Path qemu;

    @BeforeEach
    void makeFiles() throws IOException {
        kernel = Files.writeString(directory.resolve("kernel"), "one");
        qemu = Files.writeString(directory.resolve("qemu"), "program");
    }

    private Plans.Vm vm() {
        return Plans.vm()
                .set(HypervisorConfig.HYPERVISOR_PATH, qemu.toString())
                .set(HypervisorConfig.KERNEL_PATH, kernel.toString())
                .set(HypervisorConfig.SHARED_FS, "virtio-fs");
    }

    @Test
    void machinesThatTheGuestCannotTellApartShareATemplate() throws IOException {
        String key = MachineTemplate.key(vm().in(Path.of("/run/a")).build());

        assertThat(MachineTemplate.key(vm().in(Path.of("/run/b")).build())).isEqualTo(key);
        assertThat(key).matches("[0-9a-f]{32}");
    }

    @Test
    void othersDoNot() throws IOException {
        String key = MachineTemplate.key(vm().plan());

        assertThat(MachineTemplate.key(vm().set(HypervisorConfig.MEMORY_SIZE, 512L).plan()))
                .isNotEqualTo(key);
        Files.writeString(kernel, "another");
        assertThat(MachineTemplate.key(vm().plan())).isNotEqualTo(key);
    }

    @Test
    void withoutItsFilesThereIsNoKey() throws IOException {
        Files.delete(qemu);

        assertThatThrownBy(() -> MachineTemplate.key(vm().plan()))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whatCannotBePluggedInLaterCannotBeLeftOutOfATemplate() {
        assertThat(MachineTemplate.isPossible(vm().plan())).isTrue();
        assertThat(MachineTemplate.isPossible(Plans.vm().plan())).isFalse();
        assertThat(
                        MachineTemplate.isPossible(
                                vm().set(HypervisorConfig.HYPERVISOR_MACHINE_TYPE, "microvm")
                                        .plan()))
                .isFalse();
        assertThat(
                        MachineTemplate.isPossible(
                                vm().in(Path.of("/run/a")).guest(GuestKind.KATA).build()))
                .isFalse();
    }

    private MachinePlan.Builder real() {
        return Plans.vm().set(HypervisorConfig.SHARED_FS, "none").in(directory);
    }

    @Test
    void aRealMachineGoesOnFromWhatAnotherOneWrote() throws IOException {
        assumeTrue(Files.isExecutable(Plans.QEMU), "qemu-system-x86_64 is not installed");
        Path target = Files.createDirectory(directory.resolve("template"));
        byte[] mark = "left in memory".getBytes(StandardCharsets.UTF_8);
        try (Fd memory = MachineTemplate.emptyMemory(real().build())) {
            Boot how = new Boot.ForTemplate(MachineTemplate.path(memory));
            try (VirtualMachine machine =
                    VirtualMachine.start(real().boot(how).build(), MachineListener.NONE, LIMITS)) {
                machine.resume();
                try (var file = FileChannel.open(memory.path(), StandardOpenOption.WRITE)) {
                    int _ = file.write(ByteBuffer.wrap(mark), 128 << 20);
                }
                MachineTemplate.write(machine, memory, target);
            }
        }

        MachineTemplate template = new MachineTemplate(target);
        try (Fd memory = template.copyMemory(real().build())) {
            Boot how = new Boot.FromTemplate(MachineTemplate.path(memory), template);
            try (VirtualMachine machine =
                    VirtualMachine.start(real().boot(how).build(), MachineListener.NONE, LIMITS)) {
                machine.resume();

                assertThat(machine.status()).isEqualTo("running");
            }
            try (var file = FileChannel.open(memory.path())) {
                ByteBuffer found = ByteBuffer.allocate(mark.length);
                int _ = file.read(found, 128 << 20);
                assertThat(found.array()).isEqualTo(mark);
            }
        }
    }

    @Test
    void aDamagedTemplateSaysThatItIsOne() throws IOException {
        assumeTrue(Files.isExecutable(Plans.QEMU), "qemu-system-x86_64 is not installed");
        Path target = Files.createDirectory(directory.resolve("template"));
        Files.writeString(target.resolve("state"), "no state of QEMU's");
        MachineTemplate template = new MachineTemplate(target);

        try (Fd memory = MachineTemplate.emptyMemory(real().build())) {
            Boot how = new Boot.FromTemplate(MachineTemplate.path(memory), template);
            MachinePlan plan = real().boot(how).build();

            assertThatThrownBy(() -> VirtualMachine.start(plan, MachineListener.NONE, LIMITS))
                    .isInstanceOfSatisfying(
                            VmmException.class,
                            e ->
                                    assertThat(e.category())
                                            .isEqualTo(VmmException.Category.TEMPLATE_UNUSABLE));
        }
        assertThatThrownBy(() -> template.copyMemory(real().build()))
                .isInstanceOf(VmmException.class);
    }
}
