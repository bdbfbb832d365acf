package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that are connected to a network which somebody has prepared. */
@Tag("vm")
class NetworkVmTest {

    private static final String LOOK =
            """
            wget -q -O - http://10.77.0.1:8077/file
            wget -q -O - "http://[fd77::1]:8077/file"
            wget -q -O - http://192.0.2.1:8077/large | md5sum
            cat /sys/class/net/eth0/address /sys/class/net/eth0/mtu
            ip route | sort
            ip -6 route | grep default
            ip neigh | grep -c "^10.77.0.9 dev eth0 lladdr 02:77:00:00:00:09 .*PERMANENT"
            """;

    @TempDir static Path files;
    private static Path rootfs;
    private Path root;
    private NetworkFixture fixture;
    private String before;

    @BeforeAll
    static void makeFiles() throws Exception {
        rootfs = TestRootfs.make(files.resolve("rootfs"));
        Files.createDirectory(files.resolve("www"));
        Files.writeString(files.resolve("www/file"), "from the other side\n");
        Files.write(files.resolve("www/large"), new byte[3_000_000]);
    }

    @BeforeEach
    void open() throws Exception {
        root = VmFixture.temporaryRoot();
        fixture = NetworkFixture.make();
        fixture.serve(
                "busybox", "httpd", "-f", "-p", "8077", "-h", files.resolve("www").toString());
        before = fixture.look();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        fixture.close();
        assertThat(SandboxFinder.directories(root)).isEmpty();
        assertThat(VmFixture.processesThatName(root)).isEmpty();
        Files.delete(root);
    }

    private ContainerRequest request(String script, String model) {
        return Workload.builder()
                .id("box")
                .rootfs(rootfs)
                .command("sh", "-c", script)
                .network(fixture.near())
                .annotation("io.katacontainers.config.runtime.internetworking_model", model)
                .build();
    }

    private void connects(String model, String word) throws Exception {
        VmFixture.Result result;
        String record;
        try (Sandbox sandbox = VmFixture.engine(root).start(request(LOOK, model))) {
            result = VmFixture.finish(sandbox.container().process(), SharedMachine.NOTHING);
            record = sandbox.record().entries().toString();
            assertThat(sandbox.timings().entries())
                    .extracting(Timings.Entry::step)
                    .contains(Step.NETWORK);
        }

        assertThat(result.stdout())
                .isEqualTo(
                        """
                        from the other side
                        from the other side
                        %s
                        02:77:00:00:00:02
                        1400
                        10.77.0.0/24 dev eth0 scope link  src 10.77.0.2\s
                        198.51.100.0/24 via 10.77.0.1 dev eth0  src 10.77.0.2\s
                        default via 10.77.0.1 dev eth0\s
                        default via fd77::1 dev eth0  metric 1024\s
                        1
                        """
                                .formatted(
                                        NetworkFixture.sh("md5sum <" + files.resolve("www/large"))
                                                .strip()));
        assertThat(record).contains("eth0", "is connected by " + word);
        assertThat(fixture.look()).isEqualTo(before);
    }

    @Test
    void areConnectedByFilters() throws Exception {
        connects("tcfilter", "tcfilter");
    }

    @Test
    void areConnectedByAMacvtap() throws Exception {
        connects("macvtap", "macvtap");
    }

    @Test
    void areConnectedByABridgeWhereFiltersCannotBe() throws Exception {
        fixture.inNear("tc qdisc add dev eth0 ingress");
        before = fixture.look();

        connects("tcfilter", "bridge, because tcfilter: ");
    }

    @Test
    void leaveTheNamespaceAsItWasAlsoWhenTheirOwnerIsKilled() throws Exception {
        try (OwnerProcess owner =
                OwnerProcess.start(FaultOwner.class, root, rootfs, fixture.near())) {
            owner.awaitLine("runs");
            assertThat(fixture.look()).contains("tap0_kumite");
            owner.kill();
        }

        GarbageReport report = VmFixture.engine(root).collectGarbage();

        assertThat(report.failures()).isEmpty();
        assertThat(report.released()).containsExactly("box");
        assertThat(fixture.look()).isEqualTo(before);
        NetworkFixture.sh("rm -r " + root.resolve(KeptRecords.DIRECTORY));
    }

    @Test
    void goOnWhenTheirNamespaceLosesItsName() throws Exception {
        Sandbox sandbox = VmFixture.engine(root).start(request("cat", "tcfilter"));
        dev.kumite.linux.NetworkNamespace.delete(fixture.near());

        sandbox.close();

        assertThat(SandboxFinder.directories(root)).isEmpty();
    }
}
