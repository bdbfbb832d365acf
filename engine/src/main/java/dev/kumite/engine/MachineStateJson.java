package dev.kumite.engine;

import dev.kumite.linux.ProcessIdentity;
import dev.kumite.vmm.AgentTransport;
import dev.kumite.vmm.MachineState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** The processes and devices of a machine, as the state on disk has them. */
final class MachineStateJson {

    private static final String GUEST_CID = "guestCid";
    private static final String HYBRID_GUEST_CID = "hybridGuestCid";

    private MachineStateJson() {}

    /** Writes the members of the open object. */
    static void write(JsonGenerator out, MachineState machine) {
        machine.qemu().ifPresent(process -> process(out, "qemu", process));
        machine.virtiofsd().ifPresent(process -> process(out, "virtiofsd", process));
        machine.vsockDevice().ifPresent(process -> process(out, "vsockDevice", process));
        out.writeArrayPropertyStart("pciSlots");
        for (int slot : machine.pciSlots()) {
            out.writeNumber(slot);
        }
        out.writeEndArray();
        out.writeNumberProperty("scsiUnits", machine.scsiUnits());
        out.writeObjectPropertyStart("plugged");
        machine.plugged().forEach(out::writeNumberProperty);
        out.writeEndObject();
        switch (machine.agent()) {
            case AgentTransport.VirtioSerial() -> {
                // what is meant where nothing is said
            }
            case AgentTransport.Vsock(long guestCid) ->
                    out.writeNumberProperty(GUEST_CID, guestCid);
            case AgentTransport.HybridVsock(long guestCid) ->
                    out.writeNumberProperty(HYBRID_GUEST_CID, guestCid);
        }
    }

    static MachineState read(Json.Members members) {
        List<Integer> slots = new ArrayList<>();
        if (members.values().get("pciSlots") instanceof List<?> numbers) {
            for (Object number : numbers) {
                if (number instanceof Long slot) {
                    slots.add(slot.intValue());
                }
            }
        }
        Map<String, Integer> plugged = new LinkedHashMap<>();
        members.object("plugged")
                .ifPresent(devices ->
                        devices.values()
                                .keySet()
                                .forEach(name -> plugged.put(name, (int) devices.number(name))));
        return new MachineState(
                process(members, "qemu"),
                process(members, "virtiofsd"),
                process(members, "vsockDevice"),
                slots,
                (int) members.number("scsiUnits"),
                plugged,
                agent(members));
    }

    private static AgentTransport agent(Json.Members members) {
        long guestCid = members.number(GUEST_CID);
        long hybrid = members.number(HYBRID_GUEST_CID);
        if (AgentTransport.isGuest(guestCid)) {
            return new AgentTransport.Vsock(guestCid);
        }
        return AgentTransport.isGuest(hybrid)
                ? new AgentTransport.HybridVsock(hybrid)
                : new AgentTransport.VirtioSerial();
    }

    static void process(JsonGenerator out, String name, ProcessIdentity process) {
        out.writeObjectPropertyStart(name);
        out.writeNumberProperty("pid", process.pid());
        out.writeNumberProperty("startTimeTicks", process.startTimeTicks());
        out.writeEndObject();
    }

    static Optional<ProcessIdentity> process(Json.Members members, String name) {
        Optional<Json.Members> process = members.object(name);
        if (process.isEmpty()) {
            return Optional.empty();
        }
        long pid = process.get().number("pid");
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        return Optional.of(new ProcessIdentity((int) pid, process.get().number("startTimeTicks")));
    }
}
