package dev.kumite.vmm;

import java.util.concurrent.ThreadLocalRandom;

/** How the agent in the guest is reached. */
public sealed interface AgentTransport {

    /** Port of the agent at vsock. Source: Kata Containers, {@code vSockPort} in kata_agent.go. */
    int VSOCK_PORT = 1024;

    /** Name of the first serial port in the guest; the others end in 1, 2 and 3. */
    String PORT_NAME_PREFIX = "dev.kumite.agent.";

    /** Serial ports, each with a socket: {@link SandboxDirectory#agentSocket}. */
    record VirtioSerial() implements AgentTransport {}

    /**
     * vsock.
     *
     * @param guestCid the guest's address, from 3
     */
    record Vsock(long guestCid) implements AgentTransport {
        /** Source: Linux, vsock(7): 0 to 2 mean hypervisor, loopback and host. */
        private static final long FIRST_CID = 3;

        private static final long LAST_CID = 0xFFFF_FFFEL;

        public Vsock {
            if (!isGuest(guestCid)) {
                throw new VmmException(
                        VmmException.Category.REFUSED,
                        guestCid + " is no vsock address of a guest: they are 3 to 4294967294");
            }
        }

        /**
         * {@return an address that most probably nobody has} There are four thousand million;
         * should another machine have it, QEMU does not start and says so.
         */
        static Vsock any() {
            return new Vsock(ThreadLocalRandom.current().nextLong(FIRST_CID, LAST_CID + 1));
        }

        /** {@return whether a number can be the address of a guest} */
        public static boolean isGuest(long cid) {
            return cid >= FIRST_CID && cid <= LAST_CID;
        }
    }

    /**
     * {@return how a kind of guest is reached: one of Kata's by vsock, at an address of its own,
     * Kumite's by its serial ports}
     */
    static AgentTransport of(GuestKind guest) {
        return guest == GuestKind.KATA ? Vsock.any() : new VirtioSerial();
    }
}
