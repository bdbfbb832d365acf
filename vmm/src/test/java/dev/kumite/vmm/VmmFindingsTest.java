package dev.kumite.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.AcceleratorChoice;
import dev.kumite.config.Field;
import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.Param;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Uint64;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VmmFindingsTest {

    private static String findings(MachinePlan plan) {
        return VmmFindings.of(plan).stream()
                .map(Problem::describe)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void theUsualMachineHasNone() {
        assertThat(findings(Plans.vm().plan())).isEmpty();
    }

    @Test
    void aFindingNamesTheLineItIsAbout() {
        MachinePlan plan =
                Plans.vm()
                        .set(
                                HypervisorConfig.VIRTIO_MEM,
                                true,
                                new Origin.Configuration(
                                        "/etc/c.toml", 7, 1, "hypervisor.qemu.enable_virtio_mem"))
                        .set(
                                HypervisorConfig.GUEST_SWAP,
                                true,
                                new Origin.Annotation("io.x.enable_guest_swap"))
                        .plan();

        assertThat(findings(plan))
                .contains(
                        "/etc/c.toml:7:1: warning: enable_virtio_mem has no effect: memory grows by slots (memory_slots); remove it")
                .contains("annotation io.x.enable_guest_swap: warning: enable_guest_swap");
    }

    @Test
    void tracesOfTheAgentAreKatasAlone() {
        Plans.Vm vm =
                Plans.vm()
                        .set(
                                HypervisorConfig.KERNEL_PARAMS,
                                List.of(new Param("agent.trace", "true")));

        assertThat(findings(vm.plan())).contains("enable_tracing in [agent] has no effect");
    }

    @Test
    void everySwitchThatDoesNothingIsNamed() {
        Plans.Vm vm = Plans.vm();
        List<Field<HypervisorConfig, Boolean>> switches =
                List.of(
                        HypervisorConfig.CONFIDENTIAL_GUEST,
                        HypervisorConfig.ENABLE_VHOST_USER_STORE,
                        HypervisorConfig.HOTPLUG_VFIO_ON_ROOT_BUS,
                        HypervisorConfig.ROOTLESS,
                        HypervisorConfig.HUGE_PAGES,
                        HypervisorConfig.BLOCK_DEVICE_CACHE_DIRECT,
                        HypervisorConfig.BOOT_FROM_TEMPLATE);
        switches.forEach(field -> vm.set(field, true));
        vm.set(HypervisorConfig.SHARED_FS, "virtio-fs-nydus")
                .set(HypervisorConfig.VIRTIO_FS_CACHE_SIZE, 64L)
                .set(HypervisorConfig.FILE_BACKED_MEM_ROOT_DIR, "/dev/shm")
                .set(HypervisorConfig.GUEST_MEMORY_DUMP_PATH, "/dump")
                .set(HypervisorConfig.SGX_EPC_SIZE, 1L)
                .set(HypervisorConfig.RX_RATE_LIMITER_MAX_RATE, Uint64.of(1))
                .set(HypervisorConfig.TX_RATE_LIMITER_MAX_RATE, Uint64.of(1))
                .set(HypervisorConfig.MACHINE_ACCELERATORS, "accel=kvm")
                .set(HypervisorConfig.BLOCK_DEVICE_DRIVER, "virtio-mmio")
                .set(HypervisorConfig.DISABLE_VHOST_NET, false, new Origin.Argument("--config"))
                .set(
                        HypervisorConfig.KERNEL_PARAMS,
                        List.of(Param.parse("agent.debug_console_vport=1026")));

        assertThat(findings(vm.plan()))
                .contains(
                        "confidential_guest",
                        "enable_vhost_user_store",
                        "hotplug_vfio_on_root_bus",
                        "rootless",
                        "enable_hugepages",
                        "block_device_cache_direct",
                        "enable_template",
                        "virtio-fs-nydus",
                        "virtio_fs_cache_size",
                        "file_mem_backend",
                        "guest_memory_dump_path",
                        "sgx_epc_size",
                        "rx_rate_limiter_max_rate",
                        "tx_rate_limiter_max_rate",
                        "accel= in machine_accelerators",
                        "block_device_driver is \"virtio-mmio\"",
                        "disable_vhost_net is false",
                        "debug_console_enabled");
    }

    @Test
    void whatAMachineTypeHasNotIsNamed() {
        MachinePlan plan =
                Plans.vm()
                        .set(HypervisorConfig.HYPERVISOR_MACHINE_TYPE, "microvm")
                        .set(HypervisorConfig.BLOCK_DEVICE_DRIVER, "virtio-mmio")
                        .set(HypervisorConfig.ENABLE_IO_THREADS, true)
                        .set(HypervisorConfig.DEFAULT_BRIDGES, 2L)
                        .set(HypervisorConfig.PCIE_ROOT_PORT, 2L)
                        .set(HypervisorConfig.IOMMU, true)
                        .in(Path.of("/r/s"))
                        .guest(GuestKind.KATA)
                        .build();

        assertThat(findings(plan))
                .contains(
                        "default_bridges",
                        "default_maxvcpus",
                        "pcie_root_port",
                        "enable_iommu",
                        "enable_iothreads");
        assertThat(
                        findings(
                                Plans.vm()
                                        .set(HypervisorConfig.HYPERVISOR_MACHINE_TYPE, "isapc")
                                        .plan()))
                .contains("machine_type is \"isapc\"");
        assertThat(
                        findings(
                                Plans.vm()
                                        .set(HypervisorConfig.HYPERVISOR_MACHINE_TYPE, "microvm")
                                        .plan()))
                .contains("it will not boot");
    }

    @Test
    void autoTrustsKvmOnlyWithTheFlagsOfTheCpu() {
        HostFacts flags = host(true, true);
        HostFacts nested = host(true, false);

        assertThat(Accelerator.decide(AcceleratorChoice.AUTO, flags).accelerator())
                .isEqualTo(Accelerator.KVM);
        assertThat(Accelerator.decide(AcceleratorChoice.AUTO, nested).accelerator())
                .isEqualTo(Accelerator.TCG);
        assertThat(Accelerator.decide(AcceleratorChoice.AUTO, nested).reason())
                .contains("neither vmx nor svm");
        assertThat(Accelerator.decide(AcceleratorChoice.AUTO, Plans.ARM).accelerator())
                .isEqualTo(Accelerator.KVM);
        assertThat(Accelerator.decide(AcceleratorChoice.AUTO, Plans.HOST).reason())
                .contains("there is no /dev/kvm");
        assertThat(Accelerator.decide(AcceleratorChoice.KVM, nested).usable()).isTrue();
        assertThat(Accelerator.decide(AcceleratorChoice.KVM, Plans.HOST).usable()).isFalse();
        assertThat(Accelerator.decide(AcceleratorChoice.TCG, flags).accelerator())
                .isEqualTo(Accelerator.TCG);
    }

    private static HostFacts host(boolean kvm, boolean flags) {
        return new HostFacts(
                HostFacts.Architecture.X86_64,
                2,
                8192,
                kvm,
                "",
                flags,
                false,
                false,
                true,
                0,
                2048,
                true);
    }

    @Test
    void flagsAreWholeWords() {
        assertThat(HostFacts.virtualizes(List.of("processor\t: 0", "flags\t\t: fpu vmx sse")))
                .isTrue();
        assertThat(HostFacts.virtualizes(List.of("flags\t\t: fpu svm"))).isTrue();
        assertThat(HostFacts.virtualizes(List.of("flags\t\t: svm_lock vmxx"))).isFalse();
        assertThat(HostFacts.virtualizes(List.of())).isFalse();
    }

    @Test
    void aCheckSaysForEachLineWhatToDo() {
        HostFacts host = HostFacts.probe();

        List<HostCheck> lines =
                HostCheck.of(
                        host,
                        AcceleratorChoice.AUTO,
                        Plans.QEMU,
                        Path.of("/nowhere/virtiofsd"),
                        Path.of("/nowhere/vmlinuz"),
                        Path.of("/etc/passwd"));

        assertThat(host.memoryMib()).isPositive();
        assertThat(lines).extracting(HostCheck::name).contains("qemu", "accelerator", "vsock");
        assertThat(lines)
                .allMatch(line -> line.state() == HostCheck.State.GOOD || !line.remedy().isEmpty());
        assertThat(lines)
                .filteredOn(line -> line.state() == HostCheck.State.MISSING)
                .extracting(HostCheck::name)
                .contains("virtiofsd", "guest kernel");
        assertThat(
                        HostCheck.of(
                                Plans.HOST,
                                AcceleratorChoice.KVM,
                                Path.of("/bin/false"),
                                Path.of(""),
                                Path.of("/x"),
                                Path.of("/x")))
                .extracting(HostCheck::state)
                .contains(HostCheck.State.MISSING, HostCheck.State.LIMITED);
    }
}
