package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.SandboxFields;
import dev.kumite.linux.MountTable;
import dev.kumite.oci.Spec;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host's control groups of version 2, wherever the tests run: a guest has them. So this runs the
 * engine's code for them with the tests' own Java in a container that sees the whole hierarchy.
 */
@Tag("vm")
@ExtendWith(SharedMachine.Extension.class)
class CgroupVmTest {

    @TempDir Path bundle;
    private final SharedMachine machine;

    CgroupVmTest(SharedMachine machine) {
        this.machine = machine;
    }

    private static Path source(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private ContainerRequest request(String id, String script, Set<Path> shared) throws Exception {
        Path rootfs = TestRootfs.make(bundle.resolve("rootfs"));
        Files.createDirectory(rootfs.resolve("hierarchy"));
        for (String name : List.of("lib", "lib64")) {
            Files.createSymbolicLink(rootfs.resolve(name), Path.of("usr", name));
        }
        List<String> mounts = new ArrayList<>();
        mounts.add("{'destination':'/proc','type':'proc','source':'proc'}");
        mounts.add("{'destination':'/dev','type':'tmpfs','source':'tmpfs'}");
        for (Path path : shared) {
            mounts.add(
                    "{'destination':'%s','type':'bind','source':'%s','options':['rbind','ro']}"
                            .formatted(path, path));
        }
        String rights = "['CAP_SYS_ADMIN','CAP_DAC_OVERRIDE']";
        String text =
                """
                {'ociVersion':'1.0.2',
                 'process':{'user':{'uid':0,'gid':0},'cwd':'/','args':['sh','-c','%s'],
                  'env':['PATH=/bin'],
                  'capabilities':{'bounding':%s,'effective':%s,'permitted':%s}},
                 'root':{'path':'rootfs'},
                 'mounts':[%s],
                 'linux':{'namespaces':[{'type':'pid'},{'type':'mount'},{'type':'ipc'},
                  {'type':'uts'},{'type':'network'}]}}
                """
                        .formatted(script, rights, rights, rights, String.join(",", mounts));
        Files.writeString(bundle.resolve("config.json"), text.replace('\'', '"'));
        return ContainerRequest.ofBundle(bundle, id);
    }

    @Test
    void groupsOfVersion2AreMadeHaveFiguresAndGo() throws Exception {
        String id = machine.name();
        Path java = Path.of(System.getProperty("java.home"));
        Set<Path> classes = new TreeSet<>();
        for (Class<?> type :
                List.of(
                        UnifiedCgroups.class,
                        HostCgroups.class,
                        MountTable.class,
                        SandboxFields.class,
                        Spec.class)) {
            classes.add(source(type));
        }
        String classPath =
                classes.stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator));
        String script =
                ("mount -t cgroup2 cgroup /hierarchy && exec %s/bin/java -XX:TieredStopAtLevel=1"
                                + " --enable-native-access=ALL-UNNAMED -cp %s %s /hierarchy /tmp %s")
                        .formatted(java, classPath, UnifiedCgroups.class.getName(), id);
        Set<Path> shared = new TreeSet<>(classes);
        shared.add(Path.of("/usr"));
        shared.add(java);
        // Debian's own packages of Java have their configuration there.
        shared.add(java.resolve("lib/jvm.cfg").toRealPath().getParent());

        VmFixture.Result result = machine.run(request(id, script, shared), SharedMachine.NOTHING);

        assertThat(result.stderr()).isEmpty();
        assertThat(result.stdout())
                .isEqualTo(
                        """
                        made: [/hierarchy/%1$s/web]
                        process: 0::/%1$s/web
                        figures: true
                        notes: []
                        below a limit: []
                        why: the machine's processes stay outside of the control group /%1$s/two
                        below a limit, if told: [/hierarchy/%1$s/two]
                        left: false true
                        left at last: false
                        """
                                .formatted(id));
        assertThat(result.code()).isZero();
    }
}
