package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumite.agentprotocol.messages.Hook;
import dev.kumite.agentprotocol.messages.Hooks;
import dev.kumite.agentprotocol.messages.Linux;
import dev.kumite.agentprotocol.messages.LinuxNamespace;
import dev.kumite.agentprotocol.messages.Process;
import dev.kumite.agentprotocol.messages.Root;
import dev.kumite.agentprotocol.messages.Spec;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SpecForGuestTest {

    private static Spec.Builder spec() {
        return Spec.newBuilder()
                .setProcess(Process.newBuilder().addArgs("x"))
                .setRoot(Root.newBuilder().setPath("/r"))
                .setHostname("name");
    }

    private static Spec adapt(Spec.Builder spec, Map<String, String> namespaces) {
        return SpecForGuest.adapt(
                spec.build(), "/kumite/c/container", namespaces, Hooks.getDefaultInstance());
    }

    @Test
    void dropsTheHostsNetworkAndPathsOfOtherNamespaces() {
        Linux.Builder linux = Linux.newBuilder();
        for (String type : new String[] {"pid", "network", "mount", "ipc", "time"}) {
            linux.addNamespaces(
                    LinuxNamespace.newBuilder().setType(type).setPath("/proc/9/" + type));
        }

        Spec adapted = adapt(spec().setLinux(linux), Map.of());

        assertThat(adapted.getLinux().getNamespacesList())
                .extracting(LinuxNamespace::getType)
                .containsExactly("pid", "mount", "ipc");
        assertThat(adapted.getLinux().getNamespacesList())
                .extracting(LinuxNamespace::getPath)
                .containsOnly("");
    }

    @Test
    void joinsTheSandboxAndLeavesItsHostNameAlone() {
        Linux.Builder linux =
                Linux.newBuilder()
                        .addNamespaces(LinuxNamespace.newBuilder().setType("uts"))
                        .addNamespaces(LinuxNamespace.newBuilder().setType("pid"));

        Spec adapted = adapt(spec().setLinux(linux), Map.of("uts", "/ns/uts"));

        assertThat(adapted.getHostname()).isEmpty();
        assertThat(adapted.getLinux().getNamespaces(0).getPath()).isEqualTo("/ns/uts");
        assertThat(adapted.getLinux().getNamespaces(1).getPath()).isEmpty();
    }

    @Test
    void replacesHooksAndCgroupAndForgetsSecurityModules() {
        Spec.Builder spec =
                spec().setProcess(
                                Process.newBuilder()
                                        .addArgs("x")
                                        .setApparmorProfile("a")
                                        .setSelinuxLabel("s"))
                        .setHooks(Hooks.newBuilder().addPrestart(Hook.newBuilder().setPath("/h")))
                        .setLinux(Linux.newBuilder().setCgroupsPath("a:b:c").setMountLabel("m"));

        Spec adapted = adapt(spec, Map.of());

        assertThat(adapted.getHooks().getPrestartList()).isEmpty();
        assertThat(adapted.getLinux().getCgroupsPath()).isEqualTo("/kumite/c/container");
        assertThat(adapted.getLinux().getMountLabel()).isEmpty();
        assertThat(adapted.getProcess().getApparmorProfile()).isEmpty();
        assertThat(adapted.getProcess().getSelinuxLabel()).isEmpty();
    }

    @Test
    void tellsParametersOfTheNetworkFromThoseOfTheContainer() {
        Map<String, String> sysctl = Map.of("net.core.somaxconn", "9", "kernel.msgmax", "8");

        assertThat(SpecForGuest.ofNetwork(sysctl)).containsOnlyKeys("net.core.somaxconn");
        assertThat(
                        adapt(spec().setLinux(Linux.newBuilder().putAllSysctl(sysctl)), Map.of())
                                .getLinux()
                                .getSysctlMap())
                .containsOnlyKeys("kernel.msgmax");
    }

    @Test
    void refusesSpecsWithNothingToRun() {
        assertThatThrownBy(() -> adapt(Spec.newBuilder(), Map.of()))
                .hasMessageContaining("process.args");
        assertThatThrownBy(() -> adapt(spec().clearRoot(), Map.of()))
                .hasMessageContaining("root.path");
    }
}
