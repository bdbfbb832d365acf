package dev.kumite.vmm;

import dev.kumite.config.HypervisorConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command line of QEMU for a {@link MachinePlan}: a pure function. The machine is made but does
 * not run until it is told to over QMP, so that nothing that the guest says is missed.
 *
 * @param switches in order
 * @param addresses where the guest finds the disks, by their ids
 * @param pciSlots the slots behind bridges that are taken
 * @param scsiUnits how many disks are on the SCSI controller
 */
public record QemuCommandLine(
        List<QemuSwitch> switches,
        Map<String, GuestAddress> addresses,
        List<Integer> pciSlots,
        int scsiUnits) {

    public QemuCommandLine {
        switches = List.copyOf(switches);
        addresses = Map.copyOf(addresses);
        pciSlots = List.copyOf(pciSlots);
    }

    /**
     * {@return the command line of a machine}
     *
     * @throws VmmException if the plan asks for what cannot be written down, such as kernel
     *     parameters longer than the kernel reads
     */
    public static QemuCommandLine of(MachinePlan plan) {
        return new QemuAssembly(plan).assemble();
    }

    /** {@return the arguments, without the binary} */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        for (QemuSwitch one : switches) {
            arguments.addAll(one.arguments());
        }
        return List.copyOf(arguments);
    }

    /**
     * {@return the binary and its arguments, in the plan's network namespace and a session of its
     * own, so that a signal from the terminal does not reach it}
     */
    static List<String> command(MachinePlan plan, List<String> arguments) {
        List<String> command = new ArrayList<>(Launchers.session());
        plan.networkNamespace()
                .ifPresent(path -> command.addAll(Launchers.inNetworkNamespace(path)));
        command.add(plan.hypervisor().get(HypervisorConfig.HYPERVISOR_PATH));
        command.addAll(arguments);
        return List.copyOf(command);
    }
}
