package dev.kumite.vmm;

import dev.kumite.linux.Fd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Changes a machine while it is there. Operations follow one another: whoever holds {@code turn}
 * owns the state.
 */
final class HotPlug {

    /**
     * Memory grows by multiples of this, in MiB. Source: Linux, the size of a memory block on
     * x86_64 with less than 64 GiB.
     */
    static final long MEMORY_STEP_MIB = 128;

    private static final int NO_SLOT = -1;

    private final MachinePlan plan;
    private final MachineProcesses processes;
    private final MachineListener listener;
    private final PciSlots slots;
    private final DiskParts diskParts;
    private final Map<String, Integer> plugged = new LinkedHashMap<>();
    private final Semaphore turn = new Semaphore(1, true);
    private volatile Map<String, GuestAddress> bootAddresses = Map.of();
    private volatile MachineState state;

    HotPlug(
            MachinePlan plan,
            MachineProcesses processes,
            MachineState state,
            MachineListener listener) {
        this.plan = plan;
        this.processes = processes;
        this.listener = listener;
        this.state = state;
        this.slots = new PciSlots(QemuAssembly.bridges(plan));
        this.slots.take(state.pciSlots());
        this.diskParts = new DiskParts(plan, slots);
        this.diskParts.setScsiUnits(state.scsiUnits());
        this.plugged.putAll(state.plugged());
    }

    /** Adds what the command line cannot, before the machine runs. */
    static void atBoot(
            VirtualMachine machine, MachinePlan plan, Map<String, GuestAddress> addresses) {
        machine.bootAddresses(addresses);
        if (plan.boot() instanceof Boot.FromTemplate && plan.sharesByVirtioFs()) {
            machine.plugShare();
        }
        for (Network network : plan.networks()) {
            if (QemuAssembly.isAddedLater(network, plan)) {
                GuestAddress _ = machine.plugNetwork(network);
            }
        }
    }

    /** Adds the share that a machine from a template was booted without. */
    void plugShare() {
        inTurn(() -> {
            Backend.SocketClient backend = ShareParts.backend(plan);
            PciSlots.Slot slot =
                    slots.take().orElseThrow(() -> refused("no slot is free for the share"));
            Device.VhostUserFs device = ShareParts.device(plan, slot.place());
            processes.execute("chardev-add", ShareParts.chardev(backend));
            addDevice(device);
            plugged.put(device.id(), PciSlots.index(slot));
            return slot;
        });
    }

    void setBootAddresses(Map<String, GuestAddress> addresses) {
        bootAddresses = Map.copyOf(addresses);
    }

    Map<String, GuestAddress> bootAddresses() {
        return bootAddresses;
    }

    MachineState state() {
        return state;
    }

    GuestAddress plugDisk(Disk disk) {
        return inTurn(() -> {
            requireHotPlug("a disk");
            requireNew(disk.id());
            DiskParts.Parts parts = diskParts.of(disk);
            plugged.put(disk.id(), slotOf(parts.address()));
            boolean there = false;
            try {
                listener.plugging(snapshot());
                addDisk(parts);
                there = true;
                return parts.address();
            } finally {
                if (!there) {
                    forget(disk.id());
                }
            }
        });
    }

    private void addDisk(DiskParts.Parts parts) {
        add(parts.backend());
        try {
            addDevice(parts.device());
        } catch (VmmException e) {
            removeQuietly(backendRemoval(parts.backend()));
            throw e;
        }
    }

    void unplugDisk(String id) {
        inTurn(() -> {
            requirePlugged(id);
            removeDevice(id);
            processes.execute("blockdev-del", Json.Obj.of("node-name", "b-" + id));
            forget(id);
            return id;
        });
    }

    GuestAddress plugNetwork(Network network) {
        return inTurn(() -> {
            requireHotPlug("a network interface");
            requireNew(network.id());
            PciSlots.Slot slot =
                    slots.take()
                            .orElseThrow(() ->
                                    refused(
                                            "no slot is free for interface "
                                                    + network.id()
                                                    + "; raise default_bridges"));
            try {
                addNetwork(network, slot);
            } catch (VmmException e) {
                slots.free(slot);
                throw e;
            }
            plugged.put(network.id(), PciSlots.index(slot));
            return slot.address();
        });
    }

    private void addNetwork(Network network, PciSlots.Slot slot) {
        String netdev = NetworkParts.netdev(network);
        boolean vhost = NetworkParts.vhost(plan);
        Optional<Fd> descriptor = network.descriptor();
        Backend backend;
        if (descriptor.isPresent()) {
            String name = "fd-" + network.id();
            Json _ =
                    processes
                            .qmp()
                            .execute(
                                    "getfd",
                                    Json.Obj.of("fdname", name),
                                    List.of(descriptor.get()),
                                    processes.limits().command());
            backend = new Backend.TapFd(netdev, name, vhost);
        } else {
            backend = new Backend.Tap(netdev, network.ifname(), vhost, network.queues());
        }
        processes.execute("netdev_add", backend.options().json());
        try {
            addDevice(NetworkParts.device(network, Machines.transport(plan), slot.place()));
        } catch (VmmException e) {
            removeQuietly(new Removal("netdev_del", Json.Obj.of("id", netdev)));
            throw e;
        }
    }

    void unplugNetwork(String id) {
        inTurn(() -> {
            requirePlugged(id);
            removeDevice(id);
            processes.execute("netdev_del", Json.Obj.of("id", "n-" + id));
            forget(id);
            return id;
        });
    }

    int growVcpus(int total) {
        return inTurn(() -> {
            List<Json> free = new ArrayList<>();
            int present = 0;
            for (Json cpu : processes.execute("query-hotpluggable-cpus").elements()) {
                if (cpu.get("qom-path") instanceof Json.Text) {
                    present++;
                } else {
                    free.add(cpu);
                }
            }
            // QEMU lists the last one first
            for (Json cpu : free.reversed()) {
                if (present >= total) {
                    break;
                }
                addVcpu(cpu);
                present++;
            }
            return present;
        });
    }

    private void addVcpu(Json cpu) {
        Map<String, Json> arguments = new LinkedHashMap<>();
        arguments.put("driver", cpu.get("type"));
        StringBuilder id = new StringBuilder("cpu");
        if (cpu.get("props") instanceof Json.Obj(Map<String, Json> props)) {
            props.forEach((name, value) -> {
                arguments.put(name, value);
                id.append('-').append(value.whole(0));
            });
        }
        arguments.put("id", new Json.Text(id.toString()));
        processes.execute("device_add", new Json.Obj(arguments));
    }

    long growMemory(long totalMib) {
        return inTurn(() -> {
            long present = readMemoryMib();
            long most = Machines.memory(plan).maxmemMib();
            long wanted = Math.min(totalMib, most) - present;
            long step = (wanted + MEMORY_STEP_MIB - 1) / MEMORY_STEP_MIB * MEMORY_STEP_MIB;
            if (present + step > most) {
                step -= MEMORY_STEP_MIB;
            }
            if (step <= 0) {
                return present;
            }
            String id = "dimm" + countDimms();
            Backend.ObjectAdd memory = QemuAssembly.memoryBackend("m-" + id, step, plan);
            processes.execute("object-add", ObjectJson.of(memory));
            try {
                addDevice(new Device.PcDimm(id, "m-" + id));
            } catch (VmmException e) {
                removeQuietly(new Removal("object-del", Json.Obj.of("id", "m-" + id)));
                throw e;
            }
            return readMemoryMib();
        });
    }

    private int countDimms() {
        return processes.execute("query-memory-devices").elements().size();
    }

    long memoryMib() {
        return inTurn(this::readMemoryMib);
    }

    private long readMemoryMib() {
        Json summary = processes.execute("query-memory-size-summary");
        return (summary.get("base-memory").whole(0) + summary.get("plugged-memory").whole(0)) >> 20;
    }

    private void add(Backend backend) {
        switch (backend) {
            case Backend.Blockdev blockdev ->
                    processes.execute("blockdev-add", blockdev.options().json());
            case Backend.ObjectAdd object -> processes.execute("object-add", ObjectJson.of(object));
            case Backend other -> throw new IllegalArgumentException(other + " is not for disks");
        }
    }

    private static Removal backendRemoval(Backend backend) {
        return backend instanceof Backend.ObjectAdd object
                ? new Removal("object-del", Json.Obj.of("id", object.id()))
                : new Removal(
                        "blockdev-del",
                        Json.Obj.of("node-name", ((Backend.Blockdev) backend).nodeName()));
    }

    private record Removal(String command, Json.Obj arguments) {}

    /** Takes back what came before a failure; the failure itself is what counts. */
    private void removeQuietly(Removal removal) {
        try {
            processes.execute(removal.command(), removal.arguments());
        } catch (VmmException e) {
            // the machine keeps a back end that nothing uses
        }
    }

    private void addDevice(Device device) {
        processes.execute("device_add", device.options().json());
    }

    private void removeDevice(String id) {
        CompletableFuture<QmpEvent> deleted =
                processes
                        .qmp()
                        .next(event ->
                                event.name().equals("DEVICE_DELETED")
                                        && event.data()
                                                .get("device")
                                                .text()
                                                .equals(Optional.of(id)));
        try {
            processes.execute("device_del", Json.Obj.of("id", id));
            deleted.get(processes.limits().unplug().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new VmmException(
                    VmmException.Category.TIMEOUT,
                    "the guest does not let go of device \""
                            + id
                            + "\" within "
                            + processes.limits().unplug().toSeconds()
                            + " s; unmount it in the guest first",
                    e);
        } catch (InterruptedException e) {
            throw VmmException.interrupted("waiting for the guest to let go of " + id);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VmmException failure) {
                throw processes.explain(failure);
            }
            throw new IllegalStateException(e);
        } finally {
            deleted.cancel(false);
        }
    }

    private static int slotOf(GuestAddress address) {
        return address instanceof GuestAddress.Pci pci ? PciSlots.index(pci) : NO_SLOT;
    }

    private void forget(String id) {
        Integer slot = plugged.remove(id);
        if (slot != null && slot != NO_SLOT) {
            slots.free(PciSlots.at(slot));
        }
    }

    private void requireHotPlug(String what) {
        if (!Machines.hasHotPlug(plan)) {
            throw refused(
                    what
                            + " cannot be plugged into a "
                            + plan.machineType()
                            + " machine; set machine_type = \"q35\"");
        }
    }

    private void requireNew(String id) {
        if (plugged.containsKey(id)) {
            throw refused("device \"" + id + "\" is plugged in already");
        }
    }

    private void requirePlugged(String id) {
        if (!plugged.containsKey(id)) {
            throw refused("device \"" + Printable.text(id) + "\" was not plugged in");
        }
    }

    private static VmmException refused(String what) {
        return new VmmException(VmmException.Category.REFUSED, what);
    }

    private <T> T inTurn(Supplier<T> operation) {
        try {
            turn.acquire();
        } catch (InterruptedException e) {
            throw VmmException.interrupted("waiting for another change of the machine");
        }
        try {
            return operation.get();
        } finally {
            state = snapshot();
            turn.release();
        }
    }

    private MachineState snapshot() {
        return new MachineState(
                state.qemu(),
                state.virtiofsd(),
                state.vsockDevice(),
                slots.taken(),
                diskParts.scsiUnits(),
                plugged,
                state.agent());
    }
}
