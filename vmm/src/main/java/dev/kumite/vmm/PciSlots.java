package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The slots behind the machine's bridges, and which of them are taken. Confined to whoever owns it.
 */
final class PciSlots {

    /** Slots of a bridge: 0 is the bridge's own. Source: PCI; Kata, {@code maxCapacity} is 30. */
    private static final int SLOTS = 30;

    /**
     * Slot of the first bridge on the root bus. Source: Kata Containers, {@code
     * bridgePCIStartAddr}: the agent relies on no number, but the same one keeps logs comparable.
     */
    static final int FIRST_BRIDGE_ADDR = 2;

    /**
     * A slot.
     *
     * @param bus id of the bridge
     * @param bridgeAddr slot of the bridge on the root bus
     * @param addr slot behind it
     */
    record Slot(String bus, int bridgeAddr, int addr) {
        Slot {
            requireNonNull(bus, "bus is null");
        }

        Device.Place place() {
            return new Device.Place(bus, addr);
        }

        GuestAddress.Pci address() {
            return new GuestAddress.Pci(hex(bridgeAddr) + "/" + hex(addr));
        }

        private static String hex(int number) {
            return number < 16 ? "0" + Integer.toHexString(number) : Integer.toHexString(number);
        }
    }

    private final int bridges;
    private final Set<Integer> taken = new TreeSet<>();

    PciSlots(int bridges) {
        this.bridges = bridges;
    }

    /** {@return the id of a bridge, from 0} */
    static String bridgeId(int index) {
        return "pci-bridge-" + index;
    }

    /** {@return a free slot, now taken; nothing if there is none} */
    Optional<Slot> take() {
        for (int index = 0; index < bridges * SLOTS; index++) {
            if (taken.add(index)) {
                return Optional.of(slot(index));
            }
        }
        return Optional.empty();
    }

    /** Takes slots that were taken in another process. */
    void take(List<Integer> indices) {
        taken.addAll(indices);
    }

    void free(Slot slot) {
        taken.remove(index(slot));
    }

    /** {@return the slots that are taken, as numbers} */
    List<Integer> taken() {
        return new ArrayList<>(taken);
    }

    private static Slot slot(int index) {
        return new Slot(
                bridgeId(index / SLOTS), FIRST_BRIDGE_ADDR + index / SLOTS, 1 + index % SLOTS);
    }

    /** {@return the number of the slot that the guest knows by an address} */
    static int index(GuestAddress.Pci address) {
        int slash = address.text().indexOf('/');
        int bridge = Integer.parseInt(address.text().substring(0, slash), 16);
        int addr = Integer.parseInt(address.text().substring(slash + 1), 16);
        return (bridge - FIRST_BRIDGE_ADDR) * SLOTS + addr - 1;
    }

    static int index(Slot slot) {
        return (slot.bridgeAddr() - FIRST_BRIDGE_ADDR) * SLOTS + slot.addr() - 1;
    }

    /** {@return the slot with a number} */
    static Slot at(int index) {
        return slot(index);
    }
}
