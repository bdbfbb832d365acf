package dev.kumite.agentprotocol;

import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.kumite.agentprotocol.messages.AddARPNeighborsRequest;
import dev.kumite.agentprotocol.messages.AddSwapPathRequest;
import dev.kumite.agentprotocol.messages.AddSwapRequest;
import dev.kumite.agentprotocol.messages.CheckRequest;
import dev.kumite.agentprotocol.messages.CloseStdinRequest;
import dev.kumite.agentprotocol.messages.CopyFileRequest;
import dev.kumite.agentprotocol.messages.CreateContainerRequest;
import dev.kumite.agentprotocol.messages.CreateSandboxRequest;
import dev.kumite.agentprotocol.messages.DestroySandboxRequest;
import dev.kumite.agentprotocol.messages.ExecProcessRequest;
import dev.kumite.agentprotocol.messages.GetDiagnosticDataRequest;
import dev.kumite.agentprotocol.messages.GetDiagnosticDataResponse;
import dev.kumite.agentprotocol.messages.GetIPTablesRequest;
import dev.kumite.agentprotocol.messages.GetIPTablesResponse;
import dev.kumite.agentprotocol.messages.GetMetricsRequest;
import dev.kumite.agentprotocol.messages.GetOOMEventRequest;
import dev.kumite.agentprotocol.messages.GuestDetailsRequest;
import dev.kumite.agentprotocol.messages.GuestDetailsResponse;
import dev.kumite.agentprotocol.messages.HealthCheckResponse;
import dev.kumite.agentprotocol.messages.Interface;
import dev.kumite.agentprotocol.messages.Interfaces;
import dev.kumite.agentprotocol.messages.ListInterfacesRequest;
import dev.kumite.agentprotocol.messages.ListRoutesRequest;
import dev.kumite.agentprotocol.messages.MemAgentCompactConfig;
import dev.kumite.agentprotocol.messages.MemAgentMemcgConfig;
import dev.kumite.agentprotocol.messages.MemHotplugByProbeRequest;
import dev.kumite.agentprotocol.messages.Metrics;
import dev.kumite.agentprotocol.messages.OOMEvent;
import dev.kumite.agentprotocol.messages.OnlineCPUMemRequest;
import dev.kumite.agentprotocol.messages.PauseContainerRequest;
import dev.kumite.agentprotocol.messages.ReadStreamRequest;
import dev.kumite.agentprotocol.messages.ReadStreamResponse;
import dev.kumite.agentprotocol.messages.RemoveContainerRequest;
import dev.kumite.agentprotocol.messages.RemoveStaleVirtiofsShareMountsRequest;
import dev.kumite.agentprotocol.messages.ReseedRandomDevRequest;
import dev.kumite.agentprotocol.messages.ResizeVolumeRequest;
import dev.kumite.agentprotocol.messages.ResumeContainerRequest;
import dev.kumite.agentprotocol.messages.Routes;
import dev.kumite.agentprotocol.messages.SetGuestDateTimeRequest;
import dev.kumite.agentprotocol.messages.SetIPTablesRequest;
import dev.kumite.agentprotocol.messages.SetIPTablesResponse;
import dev.kumite.agentprotocol.messages.SetPolicyRequest;
import dev.kumite.agentprotocol.messages.SignalProcessRequest;
import dev.kumite.agentprotocol.messages.StartContainerRequest;
import dev.kumite.agentprotocol.messages.StatsContainerRequest;
import dev.kumite.agentprotocol.messages.StatsContainerResponse;
import dev.kumite.agentprotocol.messages.TtyWinResizeRequest;
import dev.kumite.agentprotocol.messages.UpdateContainerRequest;
import dev.kumite.agentprotocol.messages.UpdateEphemeralMountsRequest;
import dev.kumite.agentprotocol.messages.UpdateInterfaceRequest;
import dev.kumite.agentprotocol.messages.UpdateRoutesRequest;
import dev.kumite.agentprotocol.messages.VersionCheckResponse;
import dev.kumite.agentprotocol.messages.VolumeStatsRequest;
import dev.kumite.agentprotocol.messages.VolumeStatsResponse;
import dev.kumite.agentprotocol.messages.WaitProcessRequest;
import dev.kumite.agentprotocol.messages.WaitProcessResponse;
import dev.kumite.agentprotocol.messages.WriteStreamRequest;
import dev.kumite.agentprotocol.messages.WriteStreamResponse;
import dev.kumite.ttrpc.TtrpcClient;
import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.ttrpc.TtrpcOptions;
import java.io.Closeable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Calls an agent. One blocking method for each call, safe for any number of threads; closing the
 * client, or interrupting the thread, ends a call that waits.
 *
 * <p>All methods throw {@link TtrpcException} if the call fails.
 */
public final class AgentClient implements Closeable {

    /**
     * For calls that change or read something small. Source: Kata's default for requests to its
     * agent is 60 s, too.
     */
    public static final Duration PLAIN_TIMEOUT = Duration.ofSeconds(60);

    /**
     * For calls that mount, start or remove something, in a guest that may be emulated twenty times
     * slower.
     */
    public static final Duration CREATION_TIMEOUT = Duration.ofMinutes(2);

    /** For asking whether the agent is alive. */
    public static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(30);

    /**
     * How long a server on a serial line may take to answer before it is taken to wait for the rest
     * of a frame.
     */
    public static final Duration SERIAL_PATIENCE = Duration.ofSeconds(2);

    private final TtrpcClient client;
    private final Optional<Duration> timeout;

    private AgentClient(TtrpcClient client, Optional<Duration> timeout) {
        this.client = client;
        this.timeout = timeout;
    }

    /** {@return a client over {@code client}, which it closes} */
    public static AgentClient over(TtrpcClient client) {
        return new AgentClient(client, Optional.empty());
    }

    /**
     * {@return the same client with this timeout for all calls that are not made to wait for what a
     * container does}
     */
    public AgentClient withTimeout(Duration other) {
        return new AgentClient(client, Optional.of(other));
    }

    /**
     * {@return options for a serial line that other clients may have left at any byte}
     *
     * @param patience see {@link #SERIAL_PATIENCE}; longer for a guest that is booting
     * @param timeout after which opening the line fails
     */
    public static TtrpcOptions serialLine(Duration patience, Duration timeout) {
        // Odd, positive, and half a thousand million calls away from the end.
        int firstStreamId = ThreadLocalRandom.current().nextInt(1 << 29) * 2 + 1;
        return TtrpcOptions.DEFAULT
                .withFirstStreamId(firstStreamId)
                .resynchronisingBy(
                        new TtrpcOptions.Resynchronisation(
                                HealthService.NAME, "Check", patience, timeout));
    }

    /** Asks whether the agent serves calls. */
    public HealthCheckResponse check(CheckRequest request) {
        return client.call(
                HealthService.NAME, "Check", request, HealthCheckResponse.parser(), HEALTH_TIMEOUT);
    }

    /** Asks for the versions of the protocol and of the agent. */
    public VersionCheckResponse version(CheckRequest request) {
        return client.call(
                HealthService.NAME,
                "Version",
                request,
                VersionCheckResponse.parser(),
                HEALTH_TIMEOUT);
    }

    /** Makes a container and its first process, which waits for {@link #startContainer}. */
    public Empty createContainer(CreateContainerRequest request) {
        return call("CreateContainer", request, Empty.parser(), CREATION_TIMEOUT);
    }

    /** Lets the first process of a container run. */
    public Empty startContainer(StartContainerRequest request) {
        return startContainer(request, Duration.ZERO);
    }

    /** The same for a container with hooks, which may take that much {@code longer}. */
    public Empty startContainer(StartContainerRequest request, Duration longer) {
        return callWithin(
                timeout.orElse(CREATION_TIMEOUT).plus(longer),
                "StartContainer",
                request,
                Empty.parser());
    }

    /**
     * Removes a container and kills what still runs in it; {@code timeout} is in seconds, 0 is the
     * agent's own.
     */
    public Empty removeContainer(RemoveContainerRequest request) {
        return call("RemoveContainer", request, Empty.parser(), CREATION_TIMEOUT);
    }

    /** Starts one more process in a container. */
    public Empty execProcess(ExecProcessRequest request) {
        return call("ExecProcess", request, Empty.parser(), CREATION_TIMEOUT);
    }

    /** Sends a signal to one process, or to all of the container if {@code exec_id} is empty. */
    public Empty signalProcess(SignalProcessRequest request) {
        return call("SignalProcess", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /**
     * Waits until a process has ended; its status is the exit code, or 128 plus the signal that
     * killed it.
     */
    public WaitProcessResponse waitProcess(WaitProcessRequest request) {
        return call("WaitProcess", request, WaitProcessResponse.parser(), TtrpcClient.NO_DEADLINE);
    }

    /** Changes a container's limits. */
    public Empty updateContainer(UpdateContainerRequest request) {
        return call("UpdateContainer", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Resizes memory-backed file systems. */
    public Empty updateEphemeralMounts(UpdateEphemeralMountsRequest request) {
        return call("UpdateEphemeralMounts", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Reads what a container uses. */
    public StatsContainerResponse statsContainer(StatsContainerRequest request) {
        return call("StatsContainer", request, StatsContainerResponse.parser(), PLAIN_TIMEOUT);
    }

    /** Freezes a container. */
    public Empty pauseContainer(PauseContainerRequest request) {
        return call("PauseContainer", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Thaws a container. */
    public Empty resumeContainer(ResumeContainerRequest request) {
        return call("ResumeContainer", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Unmounts what the host no longer shares. */
    public Empty removeStaleVirtiofsShareMounts(RemoveStaleVirtiofsShareMountsRequest request) {
        return call("RemoveStaleVirtiofsShareMounts", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Reads a log of the guest. */
    public GetDiagnosticDataResponse getDiagnosticData(GetDiagnosticDataRequest request) {
        return call(
                "GetDiagnosticData", request, GetDiagnosticDataResponse.parser(), PLAIN_TIMEOUT);
    }

    /** Writes to a process's input; the answer says how many bytes were taken. */
    public WriteStreamResponse writeStdin(WriteStreamRequest request) {
        return call("WriteStdin", request, WriteStreamResponse.parser(), TtrpcClient.NO_DEADLINE);
    }

    /** Waits for a process's output; empty at its end. */
    public ReadStreamResponse readStdout(ReadStreamRequest request) {
        return call("ReadStdout", request, ReadStreamResponse.parser(), TtrpcClient.NO_DEADLINE);
    }

    /** Waits for a process's error output; empty at its end. */
    public ReadStreamResponse readStderr(ReadStreamRequest request) {
        return call("ReadStderr", request, ReadStreamResponse.parser(), TtrpcClient.NO_DEADLINE);
    }

    /** Closes a process's input. */
    public Empty closeStdin(CloseStdinRequest request) {
        return call("CloseStdin", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Sets the size of a process's terminal. */
    public Empty ttyWinResize(TtyWinResizeRequest request) {
        return call("TtyWinResize", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Configures a network device, found by its hardware address. */
    public Interface updateInterface(UpdateInterfaceRequest request) {
        return call("UpdateInterface", request, Interface.parser(), PLAIN_TIMEOUT);
    }

    /** Replaces the routes. */
    public Routes updateRoutes(UpdateRoutesRequest request) {
        return call("UpdateRoutes", request, Routes.parser(), PLAIN_TIMEOUT);
    }

    /** Lists the network devices. */
    public Interfaces listInterfaces(ListInterfacesRequest request) {
        return call("ListInterfaces", request, Interfaces.parser(), PLAIN_TIMEOUT);
    }

    /** Lists the routes. */
    public Routes listRoutes(ListRoutesRequest request) {
        return call("ListRoutes", request, Routes.parser(), PLAIN_TIMEOUT);
    }

    /** Adds fixed entries to the neighbour table. */
    public Empty addArpNeighbors(AddARPNeighborsRequest request) {
        return call("AddARPNeighbors", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Reads the packet filter's rules. */
    public GetIPTablesResponse getIpTables(GetIPTablesRequest request) {
        return call("GetIPTables", request, GetIPTablesResponse.parser(), PLAIN_TIMEOUT);
    }

    /** Replaces the packet filter's rules. */
    public SetIPTablesResponse setIpTables(SetIPTablesRequest request) {
        return call("SetIPTables", request, SetIPTablesResponse.parser(), PLAIN_TIMEOUT);
    }

    /** Reads the agent's figures, as Prometheus text. */
    public Metrics getMetrics(GetMetricsRequest request) {
        return call("GetMetrics", request, Metrics.parser(), PLAIN_TIMEOUT);
    }

    /** Configures reclaiming of memory. */
    public Empty memAgentMemcgSet(MemAgentMemcgConfig request) {
        return call("MemAgentMemcgSet", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Configures compaction of memory. */
    public Empty memAgentCompactSet(MemAgentCompactConfig request) {
        return call("MemAgentCompactSet", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Prepares the guest for its first container. */
    public Empty createSandbox(CreateSandboxRequest request) {
        return call("CreateSandbox", request, Empty.parser(), CREATION_TIMEOUT);
    }

    /** Undoes {@link #createSandbox}. */
    public Empty destroySandbox(DestroySandboxRequest request) {
        return call("DestroySandbox", request, Empty.parser(), CREATION_TIMEOUT);
    }

    /** Takes plugged CPUs and memory into use. */
    public Empty onlineCpuMem(OnlineCPUMemRequest request) {
        return call("OnlineCPUMem", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Adds entropy from the host. */
    public Empty reseedRandomDev(ReseedRandomDevRequest request) {
        return call("ReseedRandomDev", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Reads what the guest and its agent can do. */
    public GuestDetailsResponse getGuestDetails(GuestDetailsRequest request) {
        return call("GetGuestDetails", request, GuestDetailsResponse.parser(), PLAIN_TIMEOUT);
    }

    /** Announces plugged memory at these addresses. */
    public Empty memHotplugByProbe(MemHotplugByProbeRequest request) {
        return call("MemHotplugByProbe", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Sets the clock. */
    public Empty setGuestDateTime(SetGuestDateTimeRequest request) {
        return call("SetGuestDateTime", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Writes a file, or a piece of one. */
    public Empty copyFile(CopyFileRequest request) {
        return call("CopyFile", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Waits until the kernel kills something for want of memory. */
    public OOMEvent getOomEvent(GetOOMEventRequest request) {
        return call("GetOOMEvent", request, OOMEvent.parser(), TtrpcClient.NO_DEADLINE);
    }

    /** Takes a block device, by its PCI path, into use as swap. */
    public Empty addSwap(AddSwapRequest request) {
        return call("AddSwap", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Takes a block device, by its path, into use as swap. */
    public Empty addSwapPath(AddSwapPathRequest request) {
        return call("AddSwapPath", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Reads how full a volume is. */
    public VolumeStatsResponse getVolumeStats(VolumeStatsRequest request) {
        return call("GetVolumeStats", request, VolumeStatsResponse.parser(), PLAIN_TIMEOUT);
    }

    /** Grows a volume's file system. */
    public Empty resizeVolume(ResizeVolumeRequest request) {
        return call("ResizeVolume", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Sets the policy that calls are checked against. */
    public Empty setPolicy(SetPolicyRequest request) {
        return call("SetPolicy", request, Empty.parser(), PLAIN_TIMEOUT);
    }

    /** Makes any call of the agent's service with a timeout of its own. */
    public <T extends MessageLite> T callWithin(
            Duration limit, String method, MessageLite request, Parser<T> parser) {
        return client.call(AgentService.NAME, method, request, parser, limit);
    }

    private <T extends MessageLite> T call(
            String method, MessageLite request, Parser<T> parser, Duration usual) {
        boolean waits = usual.equals(TtrpcClient.NO_DEADLINE);
        return callWithin(waits ? usual : timeout.orElse(usual), method, request, parser);
    }

    /** Closes the connection. */
    @Override
    public void close() {
        client.close();
    }
}
