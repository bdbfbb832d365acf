package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.Hook;
import dev.kumite.agentprotocol.messages.Hooks;
import dev.kumite.agentprotocol.messages.Linux;
import dev.kumite.agentprotocol.messages.LinuxNamespace;
import dev.kumite.agentprotocol.messages.Process;
import dev.kumite.agentprotocol.messages.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a container's description, written for the host, one for this guest. The host's namespaces,
 * cgroups and security modules mean nothing here, and its hooks are no business of crun's: the host
 * has run its own, and {@link StartHooks} has the container's.
 *
 * <p>Source: Kata Containers 4.1, agent, how CreateContainer treats the spec.
 */
final class SpecForGuest {

    private SpecForGuest() {}

    /**
     * {@return the description for crun}
     *
     * @param spec as the host sent it, devices already rewritten
     * @param cgroup path of the container's cgroup below the mount of cgroup v2
     * @param namespaces of the sandbox, to join, by type; other types become new ones
     * @param hooks the guest's own
     */
    static Spec adapt(Spec spec, String cgroup, Map<String, String> namespaces, Hooks hooks) {
        if (!spec.hasProcess() || spec.getProcess().getArgsCount() == 0) {
            throw Refusal.invalid("the spec has no process.args: there is nothing to run");
        }
        if (!spec.hasRoot() || spec.getRoot().getPath().isEmpty()) {
            throw Refusal.invalid("the spec has no root.path: there is nothing to run it in");
        }
        Spec.Builder adapted = spec.toBuilder();
        adapted.setProcess(process(spec.getProcess()));
        adapted.setLinux(linux(spec.getLinux(), cgroup, namespaces));
        adapted.setHooks(hooks);
        if (namespaces.containsKey("uts")) {
            // It is set already, and crun refuses to set it in a namespace that it did not make.
            adapted.clearHostname();
        }
        return adapted.build();
    }

    /** {@return the process without what names the host's security modules} */
    static Process process(Process process) {
        return process.toBuilder().clearApparmorProfile().clearSelinuxLabel().build();
    }

    private static Linux linux(Linux linux, String cgroup, Map<String, String> namespaces) {
        Linux.Builder adapted = linux.toBuilder();
        adapted.clearMountLabel().clearIntelRdt().setCgroupsPath(cgroup);
        adapted.clearNamespaces();
        for (LinuxNamespace namespace : linux.getNamespacesList()) {
            if (isKept(namespace.getType())) {
                adapted.addNamespaces(
                        namespace.toBuilder()
                                .setPath(namespaces.getOrDefault(namespace.getType(), "")));
            }
        }
        adapted.clearSysctl().putAllSysctl(ofContainer(linux.getSysctlMap()));
        return adapted.build();
    }

    /** The network is the guest's; what this kernel lacks, crun would stumble over. */
    private static boolean isKept(String type) {
        return switch (type) {
            case "pid", "mount", "ipc", "uts", "user", "cgroup" -> true;
            default -> false;
        };
    }

    /** {@return the settings that crun makes in the container's own namespaces} */
    private static Map<String, String> ofContainer(Map<String, String> sysctl) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : sysctl.entrySet()) {
            if (!isNetwork(entry.getKey())) {
                kept.put(entry.getKey(), entry.getValue());
            }
        }
        return kept;
    }

    /** {@return the settings of the network, which the guest's own namespace gets} */
    static Map<String, String> ofNetwork(Map<String, String> sysctl) {
        Map<String, String> network = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : sysctl.entrySet()) {
            if (isNetwork(entry.getKey())) {
                network.put(entry.getKey(), entry.getValue());
            }
        }
        return network;
    }

    private static boolean isNetwork(String name) {
        return name.startsWith("net.") || name.startsWith("net/");
    }

    /** {@return one hook for each program, called without arguments} */
    static List<Hook> hooks(List<String> programs) {
        List<Hook> hooks = new ArrayList<>(programs.size());
        for (String program : programs) {
            hooks.add(Hook.newBuilder().setPath(program).addArgs(program).build());
        }
        return hooks;
    }
}
