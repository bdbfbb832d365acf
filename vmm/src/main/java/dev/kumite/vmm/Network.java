package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

import dev.kumite.linux.Fd;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A network interface of the guest, joined to a tap interface of the host.
 *
 * @param id letters, digits and {@code -._}, from a letter, at most 29; unique in the machine
 * @param ifname the tap interface, in the network namespace that QEMU runs in; not used if {@code
 *     descriptor} is given
 * @param descriptor an open descriptor of the tap device in this process, that QEMU gets a copy of;
 *     it stays the caller's
 * @param mac the guest's address, such as {@code 02:00:00:00:00:01}
 * @param queues 1, or more for several queues (only by name)
 */
public record Network(String id, String ifname, Optional<Fd> descriptor, String mac, int queues) {

    private static final Pattern MAC = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");

    /** Most queues. Source: Linux, {@code MAX_TAP_QUEUES}. */
    static final int MAX_QUEUES = 256;

    public Network {
        Ids.check(id);
        requireNonNull(ifname, "ifname is null");
        if (!MAC.matcher(mac).matches()) {
            throw refused("\"" + Printable.text(mac) + "\" is no MAC address");
        }
        if (descriptor.isEmpty() && (ifname.isEmpty() || ifname.length() > 15)) {
            throw refused("\"" + Printable.text(ifname) + "\" is no name of an interface");
        }
        if (queues < 1 || queues > MAX_QUEUES) {
            throw refused(queues + " queues: a tap device has 1 to " + MAX_QUEUES);
        }
    }

    private static VmmException refused(String what) {
        return new VmmException(VmmException.Category.REFUSED, what);
    }

    /** {@return an interface joined to a tap by its name} */
    public static Network byName(String id, String ifname, String mac) {
        return new Network(id, ifname, Optional.empty(), mac, 1);
    }

    /** {@return an interface joined to a tap by an open descriptor} */
    public static Network byDescriptor(String id, Fd descriptor, String mac) {
        return new Network(id, "", Optional.of(descriptor), mac, 1);
    }
}
