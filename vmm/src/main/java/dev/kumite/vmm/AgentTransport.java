package dev.kumite.vmm;

import java.util.concurrent.ThreadLocalRandom;

/** How the agent in the guest is reached. */
public sealed interface AgentTransport {

    /** Port of the agent at vsock. Source: Kata Containers, {@code vSockPort} in kata_agent.go. */
    int VSOCK_PORT = 1024;

    /** Name of the first serial port in the guest; the others end in 1, 2 and 3. */
    String PORT_NAME_PREFIX = "dev.kumite.agent.";

    /** Source: Linux, vsock(7): 0 to 2 mean hypervisor, loopback and host. */
    long FIRST_CID = 3;

    /** The number after it means any address. */
    long LAST_CID = 0xFFFF_FFFEL;

    /** Serial ports, each with a socket: {@link SandboxDirectory#agentSocket}. */
    record VirtioSerial() implements AgentTransport {}

    /**
     * vsock.
     *
     * @param guestCid the guest's address, from 3
     */
    record Vsock(long guestCid) implements AgentTransport {
        public Vsock {
            requireGuest(guestCid);
        }
    }

    /**
     * vsock in the guest, and a Unix socket here, which Kata Containers calls hybrid vsock: for
     * hosts whose kernel has no vsock for guests. A process of Kumite's is the device: {@link
     * VsockDeviceCommandLine}.
     *
     * @param guestCid the guest's address, from 3; only the guest knows it
     */
    record HybridVsock(long guestCid) implements AgentTransport {
        public HybridVsock {
            requireGuest(guestCid);
        }
    }

    /** {@return whether a number can be the address of a guest} */
    static boolean isGuest(long cid) {
        return cid >= FIRST_CID && cid <= LAST_CID;
    }

    private static void requireGuest(long cid) {
        if (!isGuest(cid)) {
            throw new VmmException(
                    VmmException.Category.REFUSED,
                    cid + " is no vsock address of a guest: they are 3 to 4294967294");
        }
    }

    /**
     * {@return how a kind of guest is reached: one of Kata's by vsock, at an address of its own,
     * Kumite's by its serial ports}
     *
     * @param hostVsock whether the host's kernel has vsock for guests
     */
    static AgentTransport of(GuestKind guest, boolean hostVsock) {
        if (guest == GuestKind.KUMITE) {
            return new VirtioSerial();
        }
        // There are four thousand million, so most probably nobody has it. Should another machine
        // have it, QEMU does not start and says so.
        long cid = ThreadLocalRandom.current().nextLong(FIRST_CID, LAST_CID + 1);
        return hostVsock ? new Vsock(cid) : new HybridVsock(cid);
    }
}
