package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumite.agentprotocol.messages.CheckRequest;
import dev.kumite.agentprotocol.messages.CreateContainerRequest;
import dev.kumite.agentprotocol.messages.ExecProcessRequest;
import dev.kumite.agentprotocol.messages.FSGroup;
import dev.kumite.agentprotocol.messages.GetMetricsRequest;
import dev.kumite.agentprotocol.messages.GuestDetailsRequest;
import dev.kumite.agentprotocol.messages.ListInterfacesRequest;
import dev.kumite.agentprotocol.messages.ListRoutesRequest;
import dev.kumite.agentprotocol.messages.SetPolicyRequest;
import dev.kumite.agentprotocol.messages.SignalProcessRequest;
import dev.kumite.agentprotocol.messages.StatsContainerRequest;
import dev.kumite.agentprotocol.messages.Storage;
import dev.kumite.agentprotocol.messages.UpdateEphemeralMountsRequest;
import dev.kumite.agentprotocol.messages.VolumeStatsRequest;
import dev.kumite.ttrpc.StatusCode;
import dev.kumite.ttrpc.TtrpcException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class AgentSandboxTest {

    private static AgentFixture agent;

    @BeforeAll
    static void start() throws IOException {
        agent = AgentFixture.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (agent != null) {
            agent.close();
        }
    }

    private static void exec(String id, String execId, String... args) {
        agent.client.execProcess(
                ExecProcessRequest.newBuilder()
                        .setContainerId(id)
                        .setExecId(execId)
                        .setProcess(agent.process(args))
                        .build());
    }

    private static void signal(String id, String execId, int signal) {
        agent.client.signalProcess(
                SignalProcessRequest.newBuilder()
                        .setContainerId(id)
                        .setExecId(execId)
                        .setSignal(signal)
                        .build());
    }

    @Test
    void takesTheHostNameFromTheSpec() {
        String id = agent.run("cat", "/proc/sys/kernel/hostname");

        assertThat(agent.output(id)).isEqualTo("inside\n");
        agent.remove(id);
    }

    @Test
    void sharesNamespacesWithTheSecondContainer() {
        String first = agent.run("sleep", "100");
        String second = agent.run("cat", "/proc/sys/kernel/hostname");

        assertThat(agent.output(second)).isEqualTo("inside\n");
        assertThat(agent.await(second)).isZero();
        agent.remove(second);
        agent.remove(first);
    }

    @Test
    void refusesWhatCannotBe() {
        String id = agent.run("sleep", "100");

        assertThatThrownBy(() -> agent.start(id)).hasMessageContaining("started before");
        assertThatThrownBy(() -> agent.create(id)).hasMessageContaining("already");
        assertThatThrownBy(() -> agent.create("../x")).hasMessageContaining("container id");
        assertThatThrownBy(() -> signal(id, id, 99)).hasMessageContaining("no signal");
        assertThatThrownBy(() -> signal(id, "nobody", 9)).hasMessageContaining("no process");
        assertThatThrownBy(() -> exec(id, "e1")).hasMessageContaining("no args");
        agent.remove(id);
        assertThatThrownBy(() -> exec(id, "e1", "true")).hasMessageContaining("no container");
    }

    @Test
    void answersQuestionsAboutTheGuest() {
        String id = agent.run("sleep", "100");

        assertThat(
                        agent.client
                                .getGuestDetails(
                                        GuestDetailsRequest.newBuilder()
                                                .setMemBlockSize(true)
                                                .setMemHotplugProbe(true)
                                                .build())
                                .getAgentDetails()
                                .getStorageHandlersList())
                .contains("virtio-fs");
        assertThat(agent.client.getMetrics(GetMetricsRequest.getDefaultInstance()).getMetrics())
                .contains("kata_guest_meminfo{item=\"mem_total\"} ");
        assertThat(
                        agent.client
                                .statsContainer(
                                        StatsContainerRequest.newBuilder()
                                                .setContainerId(id)
                                                .build())
                                .getNetworkStatsList())
                .isNotEmpty();
        assertThat(
                        agent.client
                                .getVolumeStats(
                                        VolumeStatsRequest.newBuilder()
                                                .setVolumeGuestPath("/")
                                                .build())
                                .getUsage(0)
                                .getTotal())
                .isPositive();
        assertThat(agent.client.version(CheckRequest.getDefaultInstance()).getAgentVersion())
                .isEqualTo("0.1.0");
        agent.remove(id);
    }

    @Test
    void listsInterfacesAndRoutes() {
        assertThat(
                        agent.client
                                .listInterfaces(ListInterfacesRequest.getDefaultInstance())
                                .getInterfacesList())
                .allSatisfy(one -> assertThat(one.getName()).isNotEmpty());
        agent.client.listRoutes(ListRoutesRequest.getDefaultInstance());
    }

    @Test
    void refusesWhatItDoesNotImplement() {
        assertThatThrownBy(() -> agent.client.setPolicy(SetPolicyRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(
                        TtrpcException.class,
                        e -> assertThat(e.status()).isEqualTo(StatusCode.UNIMPLEMENTED));
    }

    @Test
    void mountsStoragesAndUnmountsThem() throws IOException {
        Path place = agent.directory.resolve("volume");
        String id = "with-volume";
        agent.client.createContainer(
                CreateContainerRequest.newBuilder()
                        .setContainerId(id)
                        .setOCI(agent.spec(agent.process("true")))
                        .addStorages(
                                Storage.newBuilder()
                                        .setDriver("ephemeral")
                                        .setFstype("tmpfs")
                                        .addOptions("size=1048576")
                                        .setFsGroup(FSGroup.newBuilder().setGroupId(77))
                                        .setMountPoint(place.toString()))
                        .addStorages(
                                Storage.newBuilder()
                                        .setDriver("bind")
                                        .setFstype("bind")
                                        .setSource(place.toString())
                                        .addOptions("bind")
                                        .addOptions("ro")
                                        .setMountPoint(place + "-again"))
                        .addStorages(
                                Storage.newBuilder()
                                        .setDriver("local")
                                        .addOptions("mode=0750")
                                        .setMountPoint(place + "-local"))
                        .build());
        assertThat(Files.readString(Path.of("/proc/self/mounts")))
                .contains(place + " tmpfs")
                .contains(place + "-again tmpfs ro");
        assertThat(Files.getAttribute(place, "unix:gid")).isEqualTo(77);
        agent.client.updateEphemeralMounts(
                UpdateEphemeralMountsRequest.newBuilder()
                        .addStorages(
                                Storage.newBuilder()
                                        .setMountPoint(place.toString())
                                        .addOptions("size=2097152"))
                        .build());
        assertThat(Files.getFileStore(place).getTotalSpace()).isEqualTo(2097152);

        agent.remove(id);

        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(place.toString());
    }

    @Test
    void refusesStoragesThatCannotBeMounted() {
        assertThatThrownBy(() -> withStorage("nosuch", "/x")).hasMessageContaining("driver");
        assertThatThrownBy(() -> withStorage("ephemeral", "x")).hasMessageContaining("absolute");
        assertThatThrownBy(() -> withStorage("9p", agent.directory + "/9p"))
                .hasMessageContaining("cannot mount");
    }

    private static void withStorage(String driver, String place) {
        agent.client.createContainer(
                CreateContainerRequest.newBuilder()
                        .setContainerId("refused")
                        .setOCI(agent.spec(agent.process("true")))
                        .addStorages(
                                Storage.newBuilder()
                                        .setDriver(driver)
                                        .setFstype("nosuchfs")
                                        .setMountPoint(place))
                        .build());
    }
}
