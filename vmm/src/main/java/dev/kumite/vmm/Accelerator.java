package dev.kumite.vmm;

import dev.kumite.config.AcceleratorChoice;

/** What runs the guest's instructions. */
public enum Accelerator {
    /** The host's CPU. */
    KVM,
    /** QEMU's translation. */
    TCG;

    /**
     * An accelerator, and why it is the one.
     *
     * @param accelerator what is used
     * @param reason in a sentence without a full stop, for people
     * @param usable whether it will work on this host; false only where KVM is asked for by name
     */
    public record Decision(Accelerator accelerator, String reason, boolean usable) {}

    /**
     * {@return what the choice means on a host}
     *
     * <p>A nested hypervisor without the CPU's flags may offer {@code /dev/kvm}, on which stock
     * kernels hang: so {@code auto} believes in the device only together with the flags.
     */
    public static Decision decide(AcceleratorChoice choice, HostFacts host) {
        return switch (choice) {
            case AUTO -> automatic(host);
            case TCG ->
                    new Decision(
                            TCG, "accelerator = \"tcg\": QEMU translates the guest's code", true);
            case KVM ->
                    new Decision(
                            KVM,
                            host.kvmOpens()
                                    ? "accelerator = \"kvm\": the host's CPU runs the guest"
                                    : "accelerator = \"kvm\", but /dev/kvm does not open: "
                                            + host.kvmProblem(),
                            host.kvmOpens());
        };
    }

    private static Decision automatic(HostFacts host) {
        if (!host.kvmOpens()) {
            return new Decision(
                    TCG,
                    "/dev/kvm does not open ("
                            + host.kvmProblem()
                            + "), so QEMU translates the guest's code, which is much slower",
                    true);
        }
        if (host.architecture() == HostFacts.Architecture.X86_64 && !host.cpuVirtualizes()) {
            return new Decision(
                    TCG,
                    "/dev/kvm opens, but the CPU shows neither vmx nor svm, so it cannot be trusted;"
                            + " QEMU translates the guest's code, which is much slower",
                    true);
        }
        return new Decision(KVM, "/dev/kvm opens and the CPU virtualizes", true);
    }
}
