package dev.kumite.vmm;

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
        static final long FIRST_CID = 3;

        static final long LAST_CID = 0xFFFF_FFFEL;

        public Vsock {
            if (guestCid < FIRST_CID || guestCid > LAST_CID) {
                throw new VmmException(
                        VmmException.Category.REFUSED,
                        guestCid + " is no vsock address of a guest: they are 3 to 4294967294");
            }
        }
    }

    /**
     * {@return how a kind of guest is reached on a host: vsock where a guest of Kata's and the host
     * have it, otherwise the serial ports}
     *
     * @param guestCid the address to use with vsock
     */
    static AgentTransport of(GuestKind guest, HostFacts host, long guestCid) {
        return guest == GuestKind.KATA && host.vhostVsock()
                ? new Vsock(guestCid)
                : new VirtioSerial();
    }
}
