package dev.kumite.vmm;

import dev.kumite.config.HypervisorConfig;

/** What a network interface is made of, at boot or later. */
final class NetworkParts {

    private NetworkParts() {}

    /** {@return the name of the host's half} */
    static String netdev(Network network) {
        return "n-" + network.id();
    }

    /** {@return whether the host's kernel handles the packets} */
    static boolean vhost(MachinePlan plan) {
        return plan.host().vhostNet() && !plan.hypervisor().get(HypervisorConfig.DISABLE_VHOST_NET);
    }

    static Device.VirtioNet device(
            Network network, Device.Transport transport, Device.Place place) {
        return new Device.VirtioNet(
                transport, network.id(), netdev(network), network.mac(), network.queues(), place);
    }
}
