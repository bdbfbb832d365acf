package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.agentprotocol.messages.Hook;
import dev.kumite.config.ContainerConfig;
import dev.kumite.config.ContainerPlanner;
import dev.kumite.config.PlanRequest;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Namespace;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Root;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuestSpecTest {

    private static GuestSpec guest(String json, boolean withoutSeccomp) {
        Spec spec = SpecReader.read(json, "<test>").value().orElseThrow();
        ContainerConfig config =
                ContainerPlanner.plan(spec, PlanRequest.of("/bundle", "c")).value().orElseThrow();
        return GuestSpec.of(
                spec,
                config,
                Path.of("/bundle"),
                new VolumePlan(List.of(), List.of(), Optional.empty(), List.of(), List.of()),
                withoutSeccomp);
    }

    private static final String FULL =
            """
            {"ociVersion": "1.0.2", "hostname": "h", "domainname": "d",
             "process": {"args": ["sh"], "cwd": "/w", "env": ["A=b=c", "broken"],
               "apparmorProfile": "kumite", "selinuxLabel": "x:y", "noNewPrivileges": true,
               "user": {"uid": 1, "gid": 2, "umask": 18}},
             "root": {"path": "rootfs", "readonly": true},
             "hooks": {"prestart": [{"path": "/bin/true"}], "startContainer": [{"path": "/x", "args": ["x", "y"], "env": ["A=b"], "timeout": 7},
               {"path": "/z"}]},
             "linux": {"cgroupsPath": "/host/slice", "mountLabel": "l",
               "namespaces": [{"type": "network", "path": "/proc/1/ns/net"}, {"type": "pid"},
                 {"type": "ipc", "path": "/proc/1/ns/ipc"}, {"type": "mount"}, {"type": "time"}],
               "seccomp": {"defaultAction": "SCMP_ACT_ALLOW"},
               "devices": [{"path": "/dev/snd/timer", "type": "c", "major": 116, "minor": 33},
                 {"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229},
                 {"path": "/dev/zero", "type": "c", "major": 116, "minor": 34},
                 {"path": "/dev/null", "type": "c", "major": 1, "minor": 3},
                 {"path": "/run/pipe", "type": "p"}],
               "maskedPaths": ["/proc/kcore"], "readonlyPaths": ["/proc/sys"],
               "resources": {"cpu": {"quota": 1000, "period": 2000, "cpus": "0-3", "mems": "0"},
                 "memory": {"limit": 1048576}, "pids": {"limit": 9},
                 "blockIO": {"weight": 100}, "unified": {"memory.high": "1"},
                 "devices": [{"allow": false, "access": "rwm"}]}}}
            """;

    @Test
    void namesTheGuestsPaths() {
        Spec spec = guest(FULL, false).spec();

        assertThat(spec.root().orElseThrow().path())
                .isEqualTo("/run/kata-containers/shared/containers/c/rootfs");
        assertThat(spec.root().orElseThrow().readonly()).isTrue();
        assertThat(spec.linux().orElseThrow().cgroupsPath()).isEqualTo("/kumite/c");
    }

    @Test
    void leavesOutWhatBelongsToTheHost() {
        Spec spec = guest(FULL, false).spec();
        Linux linux = spec.linux().orElseThrow();

        assertThat(spec.hooks().orElseThrow().prestart()).isEmpty();
        assertThat(spec.process().orElseThrow().apparmorProfile()).isEmpty();
        assertThat(spec.process().orElseThrow().selinuxLabel()).isEmpty();
        assertThat(linux.mountLabel()).isEmpty();
        assertThat(linux.resources().orElseThrow().devices()).isEmpty();
        assertThat(linux.resources().orElseThrow().cpu().orElseThrow().cpus()).isEmpty();
        assertThat(linux.resources().orElseThrow().blockIO()).isEmpty();
    }

    @Test
    void keepsWhatTheGuestCanHold() {
        Spec spec = guest(FULL, false).spec();
        Linux linux = spec.linux().orElseThrow();

        assertThat(spec.process().orElseThrow().env()).containsExactly("A=b=c");
        assertThat(spec.process().orElseThrow().noNewPrivileges()).isTrue();
        assertThat(linux.resources().orElseThrow().memory().orElseThrow().limit())
                .contains(1048576L);
        assertThat(linux.resources().orElseThrow().pids().orElseThrow().limit()).isEqualTo(9);
        assertThat(linux.maskedPaths()).containsExactly("/proc/kcore");
        assertThat(linux.seccomp()).isPresent();
        assertThat(linux.devices())
                .extracting(device -> device.path())
                .containsExactly("/dev/fuse", "/dev/null", "/run/pipe");
    }

    @Test
    void makesNamespacesAnewAndNeverJoinsTheHosts() {
        List<Namespace> namespaces = guest(FULL, false).spec().linux().orElseThrow().namespaces();

        assertThat(namespaces)
                .containsExactly(
                        new Namespace("mount", ""),
                        new Namespace("pid", ""),
                        new Namespace("ipc", ""));
    }

    @Test
    void takesAPidNamespaceByPathForThatOfTheSandbox() {
        GuestSpec guest =
                guest(
                        """
                        {"process": {"args": ["sh"], "cwd": "/"}, "root": {"path": "r"},
                         "linux": {"namespaces": [{"type": "pid", "path": "/proc/9/ns/pid"}]}}
                        """,
                        false);

        assertThat(guest.sharesPidNamespace()).isTrue();
        assertThat(guest.spec().linux().orElseThrow().namespaces())
                .containsExactly(new Namespace("mount", ""));
    }

    @Test
    void switchesSeccompOffWhereTheConfigurationSaysSo() {
        GuestSpec guest = guest(FULL, true);

        assertThat(guest.spec().linux().orElseThrow().seccomp()).isEmpty();
        assertThat(guest.warnings())
                .extracting(Problem::what)
                .anyMatch(what -> what.contains("disable_guest_seccomp"));
    }

    @Test
    void warnsOfAllThatIsLeftOut() {
        assertThat(guest(FULL, false).warnings())
                .extracting(Problem::what)
                .contains(
                        "a domain name has no effect",
                        "an SELinux label has no effect",
                        "an AppArmor profile has no effect",
                        "a umask has no effect",
                        "a time namespace has no effect",
                        "the host's \"/dev/snd/timer\" has no effect",
                        "the host's \"/dev/zero\" has no effect",
                        "limits of the host's block devices have no effect",
                        "cgroup files have no effect");
    }

    @Test
    void tellsTheBundleOnlyWhereHooksRunInTheContainer() {
        String plain =
                """
                {"process": {"args": ["sh"], "cwd": "/"}, "root": {"path": "r"}, "linux": {}}
                """;

        assertThat(guest(plain, false).spec().annotations()).isEmpty();
        assertThat(guest(plain, false).spec().hooks()).isEmpty();
        assertThat(guest(FULL, false).spec().annotations())
                .containsEntry("io.katacontainers.pkg.oci.bundle_path", "/bundle");
    }

    @Test
    void becomesAMessageWithAllThatTheAgentKnows() {
        dev.kumite.agentprotocol.messages.Spec message =
                SpecMessages.spec(
                        guest(FULL, false).spec(),
                        hook -> Duration.ofSeconds(hook.timeout().orElse(30L)));

        assertThat(message.getProcess().getEnvList()).containsExactly("A=b=c");
        assertThat(message.getProcess().getUser().getUID()).isEqualTo(1);
        assertThat(message.getLinux().getSeccomp().getDefaultAction()).isEqualTo("SCMP_ACT_ALLOW");
        assertThat(message.getLinux().getResources().getMemory().getLimit()).isEqualTo(1048576);
        assertThat(message.getLinux().getResources().getPids().getLimit()).isEqualTo(9);
        assertThat(message.getLinux().getDevicesCount()).isEqualTo(3);
        assertThat(message.getHostname()).isEqualTo("h");
        assertThat(message.getHooks().getPrestartList()).isEmpty();
        assertThat(message.getHooks().getStartContainerList())
                .containsExactly(
                        Hook.newBuilder()
                                .setPath("/x")
                                .addArgs("x")
                                .addArgs("y")
                                .addEnv("A=b")
                                .setTimeout(7)
                                .build(),
                        Hook.newBuilder().setPath("/z").setTimeout(30).build());
    }

    @Test
    void hasItsRootWhereTheDiskIsMountedAndNeverWritesToAReadOnlyOne() {
        String json =
                """
                {"ociVersion": "1.0.2", "process": {"args": ["x"], "cwd": "/"},
                 "root": {"path": "r"}, "linux": {}}
                """;
        Spec spec = SpecReader.read(json, "<test>").value().orElseThrow();
        ContainerConfig config =
                ContainerPlanner.plan(spec, PlanRequest.of("/bundle", "c")).value().orElseThrow();
        RootDisk disk =
                new RootDisk(
                        new HostDisk("d", Path.of("/dev/loop1"), "", true),
                        "ext4",
                        List.of("ro"),
                        "c-1-root",
                        false);

        Root root =
                GuestSpec.of(
                                spec,
                                config,
                                Path.of("/bundle"),
                                new VolumePlan(
                                        List.of(),
                                        List.of(),
                                        Optional.of(disk),
                                        List.of(),
                                        List.of()),
                                false)
                        .spec()
                        .root()
                        .orElseThrow();

        assertThat(root.path()).isEqualTo("/run/kata-containers/shared/containers/c-1-root");
        assertThat(root.readonly()).isTrue();
    }
}
