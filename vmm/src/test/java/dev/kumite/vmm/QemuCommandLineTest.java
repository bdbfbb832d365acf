package dev.kumite.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Param;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QemuCommandLineTest {

    private static String line(MachinePlan plan) {
        return String.join("\n", QemuCommandLine.of(plan).arguments());
    }

    private static Plans.Vm guest() {
        return Plans.vm()
                .set(HypervisorConfig.KERNEL_PATH, "/guest/vmlinuz")
                .set(HypervisorConfig.INITRD_PATH, "/guest/initrd.img")
                .set(
                        HypervisorConfig.KERNEL_PARAMS,
                        List.of(Param.parse("agent.log=debug"), Param.parse("quiet=1")));
    }

    @Test
    void theUsualMachineReadsLikeThis() {
        MachinePlan plan = guest().in(Path.of("/run/kumite/s1")).uuid(new UUID(0, 1)).build();

        assertThat(line(plan))
                .isEqualTo(
                        """
                        -no-user-config
                        -nodefaults
                        -no-reboot
                        -S
                        -display
                        none
                        -sandbox
                        enable=on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
                        -name
                        sandbox-test,debug-threads=off
                        -uuid
                        00000000-0000-0000-0000-000000000001
                        -machine
                        q35,memory-backend=mem,dump-guest-core=off,smbus=off,sata=off
                        -accel
                        tcg
                        -cpu
                        max,erms=off
                        -smp
                        1,cores=1,threads=1,sockets=2,maxcpus=2
                        -m
                        256M,slots=10,maxmem=8192M
                        -object
                        memory-backend-ram,id=mem,size=256M
                        -device
                        pci-bridge,id=pci-bridge-0,bus=pcie.0,addr=0x2,chassis_nr=1,shpc=off,io-reserve=4k,mem-reserve=1m,pref64-reserve=1m
                        -chardev
                        socket,id=qmp,path=/run/kumite/s1/qmp.sock,server=on,wait=off
                        -mon
                        qmp,mode=control
                        -chardev
                        socket,id=console,path=/run/kumite/s1/console.sock,server=on,wait=off
                        -serial
                        chardev:console
                        -device
                        virtio-serial-pci,id=serial0,max_ports=5
                        -chardev
                        socket,id=agent0,path=/run/kumite/s1/agent-0.sock,server=on,wait=off
                        -device
                        virtserialport,id=port0,bus=serial0.0,nr=1,name=dev.kumite.agent.0,chardev=agent0
                        -chardev
                        socket,id=agent1,path=/run/kumite/s1/agent-1.sock,server=on,wait=off
                        -device
                        virtserialport,id=port1,bus=serial0.0,nr=2,name=dev.kumite.agent.1,chardev=agent1
                        -chardev
                        socket,id=agent2,path=/run/kumite/s1/agent-2.sock,server=on,wait=off
                        -device
                        virtserialport,id=port2,bus=serial0.0,nr=3,name=dev.kumite.agent.2,chardev=agent2
                        -chardev
                        socket,id=agent3,path=/run/kumite/s1/agent-3.sock,server=on,wait=off
                        -device
                        virtserialport,id=port3,bus=serial0.0,nr=4,name=dev.kumite.agent.3,chardev=agent3
                        -object
                        rng-random,id=rng0,filename=/dev/urandom
                        -device
                        virtio-rng-pci,id=rngdev0,rng=rng0
                        -device
                        virtio-scsi-pci,id=scsi0
                        -fsdev
                        local,id=share0,path=/run/kumite/s1/shared,security_model=none,multidevs=remap
                        -device
                        virtio-9p-pci,id=sharedev0,fsdev=share0,mount_tag=kataShared
                        -kernel
                        /guest/vmlinuz
                        -append
                        tsc=reliable no_timer_check rcupdate.rcu_expedited=1 i8042.direct=1 i8042.dumbkbd=1 i8042.nopnp=1 i8042.noaux=1 noreplace-smp reboot=k cryptomgr.notests net.ifnames=0 pci=lastbus=0 clocksource=hpet tsc=unstable console=ttyS0 quiet panic=1 oops=panic nr_cpus=2 agent.log=debug quiet=1
                        -initrd
                        /guest/initrd.img\
                        """);
    }

    @Test
    void anArmMachineHasItsOwnConsoleAndVsock() {
        MachinePlan base = guest().set(HypervisorConfig.HYPERVISOR_MACHINE_TYPE, "virt").plan();
        MachinePlan plan =
                MachinePlan.builder("test", base.hypervisor(), base.directory(), Plans.ARM)
                        .accelerator(Accelerator.KVM)
                        .guest(GuestKind.KATA)
                        .agentTransport(new AgentTransport.Vsock(77))
                        .networks(List.of(Network.byName("n0", "tap0", "02:00:00:00:00:01")))
                        .build();

        assertThat(line(plan))
                .contains("virt,memory-backend=mem")
                .contains("-cpu\nhost")
                .contains("vhost-vsock-pci,id=vsock0,guest-cid=77")
                .contains("virtconsole,id=console0,bus=serial0.0,chardev=console")
                .contains("console=hvc0 console=hvc1")
                .contains("tap,id=n-n0,ifname=tap0,script=no,downscript=no,vhost=on")
                .contains("virtio-net-pci,id=n0,netdev=n-n0,mac=02:00:00:00:00:01,romfile=")
                .doesNotContain("virtserialport")
                .doesNotContain("tsc=reliable");
    }

    @Test
    void anEmulatedProcessorCopiesByWordsUnlessToldOtherwise() {
        MachinePlan x86 = guest().set(HypervisorConfig.CPU_FEATURES, "erms=on").plan();
        MachinePlan arm =
                MachinePlan.builder("test", guest().plan().hypervisor(), x86.directory(), Plans.ARM)
                        .accelerator(Accelerator.TCG)
                        .build();

        assertThat(line(x86)).contains("\n-cpu\nmax,erms=off,erms=on\n");
        assertThat(line(arm)).contains("\n-cpu\nmax\n");
    }

    @Test
    void whereTheHostHasNoVsockAnotherProcessIsTheDevice() {
        AgentTransport agent = AgentTransport.of(GuestKind.KATA, false);
        MachinePlan plan =
                guest().set(HypervisorConfig.SHARED_FS, "virtio-9p")
                        .in(Path.of("/run/kumite/s1"))
                        .guest(GuestKind.KATA)
                        .agentTransport(agent)
                        .build();

        assertThat(agent).isInstanceOf(AgentTransport.HybridVsock.class);
        assertThat(AgentTransport.of(GuestKind.KATA, true))
                .isInstanceOf(AgentTransport.Vsock.class);
        assertThat(line(plan))
                .contains("socket,id=vsockdev0,path=/run/kumite/s1/vsockdev.sock")
                .contains("vhost-user-vsock-pci,id=vsock0,chardev=vsockdev0")
                .contains("memory-backend-memfd,id=mem,size=256M,share=on");
    }

    @Test
    void underStaticSizingTheMachineHasWhatItUses() {
        MachinePlan plan = guest().in(Path.of("/run/kumite/s1")).staticSizing(true).build();

        assertThat(line(plan)).contains("sockets=1,maxcpus=1").contains("\n-m\n256M\n");
    }

    @Test
    void anImageBecomesTheRootFileSystem() {
        Plans.Vm vm =
                Plans.vm()
                        .set(HypervisorConfig.KERNEL_PATH, "/k")
                        .set(HypervisorConfig.IMAGE_PATH, "/i,mg");

        String nvdimm = line(vm.in(Path.of("/r/s")).imageSizeBytes(134217728).build());
        vm.set(HypervisorConfig.DISABLE_IMAGE_NVDIMM, true).set(HypervisorConfig.DEBUG, true);
        String block = line(vm.in(Path.of("/r/s")).imageSizeBytes(134217728).build());

        assertThat(nvdimm)
                .contains(
                        "memory-backend-file,id=b-image,mem-path=/i,,mg,size=134217728,share=on,readonly=on")
                .contains("nvdimm,id=image,memdev=b-image,unarmed=on")
                .contains("nvdimm=on")
                .contains("root=/dev/pmem0p1 rootflags=dax,data=ordered,errors=remount-ro ro")
                .contains("quiet systemd.show_status=false");
        assertThat(block)
                .contains("raw,node-name=b-image,read-only=on")
                .contains("file.filename=/i,,mg,file.locking=off")
                .contains("virtio-blk-pci,id=image,drive=b-image")
                .contains("root=/dev/vda1 rootflags=data=ordered")
                .contains("debug systemd.show_status=true systemd.log_level=debug");
    }

    @Test
    void memoryIsWhereItIsAskedFor() {
        Plans.Vm vm = Plans.vm().set(HypervisorConfig.SHARED_FS, "virtio-fs");

        assertThat(line(vm.plan()))
                .contains("memory-backend-memfd,id=mem,size=256M,share=on\n")
                .contains("vhost-user-fs-pci,id=sharedev0,chardev=share0,tag=kataShared");
        assertThat(line(vm.set(HypervisorConfig.HUGE_PAGES, true).plan()))
                .contains("share=on,hugetlb=on,prealloc=on");
        vm.set(HypervisorConfig.HUGE_PAGES, false);
        assertThat(line(vm.set(HypervisorConfig.FILE_BACKED_MEM_ROOT_DIR, "/dev/shm").plan()))
                .contains("memory-backend-file,id=mem,mem-path=/dev/shm,size=268435456,share=on");
    }

    @Test
    void anotherUserNeedsAnotherFilter() {
        String line =
                line(
                        Plans.vm()
                                .set(HypervisorConfig.ROOTLESS, true)
                                .set(HypervisorConfig.UID, 1000L)
                                .set(HypervisorConfig.GID, 1001L)
                                .plan());

        assertThat(line).contains("elevateprivileges=allow").contains("-runas\n1000:1001");
    }

    @Test
    void cacheSettingsCountOnlyTogether() {
        Plans.Vm vm =
                Plans.vm()
                        .set(HypervisorConfig.BLOCK_DEVICE_CACHE_DIRECT, true)
                        .set(HypervisorConfig.BLOCK_DEVICE_CACHE_NOFLUSH, true);
        List<Disk> disks =
                List.of(
                        new Disk(
                                "d0",
                                Path.of("/dev/sdx"),
                                true,
                                false,
                                Disk.Driver.VIRTIO_SCSI,
                                0));

        assertThat(line(vm.in(Path.of("/r/s")).disks(disks).build()))
                .contains("cache.direct=off,cache.no-flush=off,file.driver=host_device");
        vm.set(HypervisorConfig.BLOCK_DEVICE_CACHE_SET, true);
        MachinePlan plan = vm.in(Path.of("/r/s")).disks(disks).build();
        assertThat(line(plan)).contains("cache.direct=on,cache.no-flush=on");
        assertThat(QemuCommandLine.of(plan).addresses())
                .isEqualTo(Map.of("d0", new GuestAddress.Scsi("0:0")));
    }

    @Test
    void flashAndFirmwareAreFilesOfTheMachine() {
        Plans.Vm vm = Plans.vm().set(HypervisorConfig.FIRMWARE_PATH, "/fw");

        assertThat(line(vm.plan())).contains("-bios\n/fw");
        vm.set(HypervisorConfig.FIRMWARE_VOLUME_PATH, "/vars");
        assertThat(line(vm.plan()))
                .contains("pflash,unit=0,format=raw,readonly=on,file=/fw")
                .contains("pflash,unit=1,format=raw,readonly=off,file=/vars");
        vm.set(HypervisorConfig.FIRMWARE_VOLUME_PATH, "");
        vm.set(HypervisorConfig.PFLASH, List.of("/f0", "/f1"));
        assertThat(line(vm.plan())).contains("unit=1,format=raw,readonly=on,file=/f1");
    }

    @Test
    void tooManyKernelParametersAreRefused() {
        MachinePlan plan =
                guest().set(
                                HypervisorConfig.KERNEL_PARAMS,
                                List.of(new Param("x", "y".repeat(2048))))
                        .plan();

        assertThatThrownBy(() -> QemuCommandLine.of(plan))
                .isInstanceOf(VmmException.class)
                .hasMessageContaining("remove some of kernel_params");
    }

    @Test
    void oddIdsAndAddressesAreRefused() {
        assertThatThrownBy(() ->
                        new Disk("0d,x=y", Path.of("/d"), false, false, Disk.Driver.VIRTIO_BLK, 0))
                .isInstanceOf(VmmException.class);
        assertThatThrownBy(() -> Network.byName("n0", "tap0", "02:00:00"))
                .isInstanceOf(VmmException.class);
        assertThatThrownBy(() -> Network.byName("n0", "", "02:00:00:00:00:01"))
                .isInstanceOf(VmmException.class);
        assertThatThrownBy(() -> new AgentTransport.Vsock(2)).isInstanceOf(VmmException.class);
        assertThatThrownBy(() -> new SandboxDirectory(Path.of("/" + "x".repeat(100))))
                .hasMessageContaining("bytes too long");
        assertThatThrownBy(() -> new SandboxDirectory(Path.of("x"))).hasMessageContaining("abs");
    }

    @Test
    void everyOptionOfEveryMachineIsReadBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            MachinePlan plan = any(random);
            List<QemuSwitch> switches = new ArrayList<>(QemuCommandLine.of(plan).switches());

            for (QemuSwitch one : switches) {
                Options options =
                        switch (one) {
                            case Device device -> device.options();
                            case Backend backend -> backend.options();
                            case QemuSwitch.Optioned optioned -> optioned.options();
                            case QemuSwitch.Plain _ -> Options.named().build();
                        };
                if (!options.values().isEmpty()) {
                    assertThat(Options.parse(one.arguments().getLast(), options.impliedKey()))
                            .as("seed %d", seed)
                            .isEqualTo(options.plain());
                }
            }
        }
    }

    private static <T> T one(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static MachinePlan any(Random random) {
        String odd = one(random, List.of("/a", "/a,b", "/a=b", "/,,", "/ä b"));
        String type = one(random, List.of("q35", "pc", "virt", "microvm"));
        Plans.Vm vm =
                guest().set(HypervisorConfig.HYPERVISOR_MACHINE_TYPE, type)
                        .set(HypervisorConfig.IOMMU, random.nextBoolean())
                        .set(HypervisorConfig.IOMMU_PLATFORM, random.nextBoolean())
                        .set(HypervisorConfig.HUGE_PAGES, random.nextBoolean())
                        .set(HypervisorConfig.MEM_PREALLOC, random.nextBoolean())
                        .set(HypervisorConfig.ENABLE_IO_THREADS, random.nextBoolean())
                        .set(HypervisorConfig.ENTROPY_SOURCE, odd)
                        .set(HypervisorConfig.PCIE_ROOT_PORT, (long) random.nextInt(4))
                        .set(HypervisorConfig.DEFAULT_BRIDGES, (long) random.nextInt(7))
                        .set(
                                HypervisorConfig.SHARED_FS,
                                one(random, List.of("virtio-fs", "virtio-9p", "")))
                        .set(
                                HypervisorConfig.BLOCK_DEVICE_DRIVER,
                                one(random, List.of("virtio-blk", "virtio-mmio", "nvdimm")));
        List<Disk> disks = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            disks.add(
                    new Disk(
                            "d" + n,
                            Path.of(odd),
                            random.nextBoolean(),
                            random.nextBoolean(),
                            one(random, List.of(Disk.Driver.values())),
                            1 << 20));
        }
        return vm.in(Path.of("/run" + odd))
                .staticSizing(random.nextBoolean())
                .guest(one(random, List.of(GuestKind.values())))
                .accelerator(one(random, List.of(Accelerator.values())))
                .disks(disks)
                .networks(List.of(new Network("n0", "t,=0", Optional.empty(), MAC, 2)))
                .build();
    }

    private static final String MAC = "02:00:00:00:00:01";
}
