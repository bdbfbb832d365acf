package dev.kumite.vmm;

import dev.kumite.linux.ProcessIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has to be known to find a machine again after its owner died. To be stored whenever it
 * changes: after the start, and after each hot plug.
 *
 * @param qemu its process; empty while it is not started
 * @param virtiofsd the file share's process; empty if there is none
 * @param vsockDevice the process of the agent's way; empty if there is none
 * @param pciSlots slots behind bridges that are taken
 * @param scsiUnits how many units the SCSI controller has given out
 * @param plugged slots of devices that were plugged in, by id; -1 for those without one
 * @param agent how the agent in its guest is reached
 */
public record MachineState(
        Optional<ProcessIdentity> qemu,
        Optional<ProcessIdentity> virtiofsd,
        Optional<ProcessIdentity> vsockDevice,
        List<Integer> pciSlots,
        int scsiUnits,
        Map<String, Integer> plugged,
        AgentTransport agent) {

    public MachineState {
        pciSlots = List.copyOf(pciSlots);
        plugged = Map.copyOf(new LinkedHashMap<>(plugged));
    }

    /** {@return a machine's state without any device} */
    public static MachineState of(
            Optional<ProcessIdentity> qemu,
            Optional<ProcessIdentity> virtiofsd,
            Optional<ProcessIdentity> vsockDevice,
            AgentTransport agent) {
        return new MachineState(qemu, virtiofsd, vsockDevice, List.of(), 0, Map.of(), agent);
    }
}
