package dev.kumite.vmm;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Param;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The parameters of the guest's kernel: those of the machine, then those of the plan, which begin
 * with the runtime's and agent's and end with the configured ones. The kernel heeds the last of
 * several, so the configured ones win.
 *
 * <p>Source: Kata Containers, Go runtime, {@code kernelParameters} in {@code
 * virtcontainers/qemu.go}, {@code qemu_amd64.go}, {@code qemu_arm64.go} and {@code
 * qemu_arch_base.go}.
 */
public final class KernelCommandLine {

    /** Most bytes. Source: Linux, {@code COMMAND_LINE_SIZE} of x86 and arm64, less the NUL. */
    static final int MAX_BYTES = 2047;

    /** Source: {@code kernelParams} of qemu_amd64.go. */
    private static final List<Param> X86_64 =
            parse(
                    "tsc=reliable no_timer_check rcupdate.rcu_expedited=1 i8042.direct=1 i8042.dumbkbd=1"
                            + " i8042.nopnp=1 i8042.noaux=1 noreplace-smp reboot=k cryptomgr.notests"
                            + " net.ifnames=0 pci=lastbus=0");

    /**
     * The kernel finds out how fast the processor's counter counts by comparing it with timers for
     * a few milliseconds; if QEMU has to wait for a processor meanwhile, the result may be several
     * times too low, and the guest's clock that much too fast for ever. KVM's guests are told; the
     * others read their clock from a timer, and the scheduler, which would count CPU limits by the
     * processor's counter, does not trust that beyond the timer's next tick.
     *
     * <p>Source: Linux, kernel-parameters.txt; kernel/sched/clock.c.
     */
    private static final List<Param> STEADY_CLOCK = parse("clocksource=hpet tsc=unstable");

    private static final List<Param> AARCH64 = parse("cryptomgr.notests net.ifnames=0");

    private KernelCommandLine() {}

    /** {@return the parameters of a machine's kernel, in order} */
    public static List<Param> params(MachinePlan plan) {
        boolean x86 = plan.host().architecture() == HostFacts.Architecture.X86_64;
        boolean debug = plan.hypervisor().get(HypervisorConfig.DEBUG);
        boolean image = !plan.hypervisor().get(HypervisorConfig.IMAGE_PATH).isEmpty();
        List<Param> params = new ArrayList<>(x86 ? X86_64 : AARCH64);
        if (x86
                && plan.accelerator() == Accelerator.TCG
                && Machines.transport(plan) == Device.Transport.PCI) {
            params.addAll(STEADY_CLOCK);
        }
        if (Machines.hasIommu(plan)) {
            params.addAll(parse("intel_iommu=on iommu=pt"));
        }
        if (image) {
            params.addAll(root(plan));
        }
        params.addAll(consoles(plan, x86));
        if (debug) {
            params.addAll(
                    parse(
                            image
                                    ? "debug systemd.show_status=true systemd.log_level=debug"
                                    : "debug"));
        } else {
            params.addAll(parse(image ? "quiet systemd.show_status=false" : "quiet"));
        }
        params.add(new Param("panic", "1"));
        // Differs from kata: a kernel that has failed leaves processes that never end; without the
        // machine, all who wait for them get to know.
        params.add(new Param("oops", "panic"));
        params.add(new Param("nr_cpus", Long.toString(Machines.maxVcpus(plan))));
        params.addAll(plan.kernelParams());
        params.addAll(plan.hypervisor().get(HypervisorConfig.KERNEL_PARAMS));
        return List.copyOf(params);
    }

    /** Source: {@code kernelRootParams} of hypervisor.go, for an image with ext4. */
    private static List<Param> root(MachinePlan plan) {
        boolean nvdimm = Machines.imageIsNvdimm(plan);
        return List.of(
                new Param("root", nvdimm ? "/dev/pmem0p1" : "/dev/vda1"),
                new Param(
                        "rootflags",
                        nvdimm
                                ? "dax,data=ordered,errors=remount-ro ro"
                                : "data=ordered,errors=remount-ro ro"),
                new Param("rootfstype", "ext4"));
    }

    private static List<Param> consoles(MachinePlan plan, boolean x86) {
        if (Machines.hasLegacySerial(plan)) {
            return List.of(new Param("console", x86 ? "ttyS0" : "ttyAMA0"));
        }
        return parse("console=hvc0 console=hvc1");
    }

    /**
     * {@return the parameters as one text}
     *
     * @throws VmmException if the kernel would cut it
     */
    public static String text(MachinePlan plan) {
        String text = params(plan).stream().map(Param::toString).collect(Collectors.joining(" "));
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new VmmException(
                    VmmException.Category.REFUSED,
                    "the kernel parameters are "
                            + bytes
                            + " bytes long, and the kernel reads "
                            + MAX_BYTES
                            + "; remove some of kernel_params");
        }
        return text;
    }

    private static List<Param> parse(String words) {
        List<Param> params = new ArrayList<>();
        for (String word : words.split(" ", -1)) {
            params.add(Param.parse(word));
        }
        return List.copyOf(params);
    }
}
