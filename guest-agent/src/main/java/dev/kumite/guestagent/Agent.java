package dev.kumite.guestagent;

import com.google.protobuf.Empty;
import dev.kumite.agentprotocol.AgentService;
import dev.kumite.agentprotocol.messages.AddARPNeighborsRequest;
import dev.kumite.agentprotocol.messages.AddSwapPathRequest;
import dev.kumite.agentprotocol.messages.AddSwapRequest;
import dev.kumite.agentprotocol.messages.CloseStdinRequest;
import dev.kumite.agentprotocol.messages.CopyFileRequest;
import dev.kumite.agentprotocol.messages.CreateContainerRequest;
import dev.kumite.agentprotocol.messages.CreateSandboxRequest;
import dev.kumite.agentprotocol.messages.DestroySandboxRequest;
import dev.kumite.agentprotocol.messages.ExecProcessRequest;
import dev.kumite.agentprotocol.messages.GetMetricsRequest;
import dev.kumite.agentprotocol.messages.GetOOMEventRequest;
import dev.kumite.agentprotocol.messages.GuestDetailsRequest;
import dev.kumite.agentprotocol.messages.GuestDetailsResponse;
import dev.kumite.agentprotocol.messages.Interface;
import dev.kumite.agentprotocol.messages.Interfaces;
import dev.kumite.agentprotocol.messages.ListInterfacesRequest;
import dev.kumite.agentprotocol.messages.ListRoutesRequest;
import dev.kumite.agentprotocol.messages.MemHotplugByProbeRequest;
import dev.kumite.agentprotocol.messages.Metrics;
import dev.kumite.agentprotocol.messages.OOMEvent;
import dev.kumite.agentprotocol.messages.OnlineCPUMemRequest;
import dev.kumite.agentprotocol.messages.PauseContainerRequest;
import dev.kumite.agentprotocol.messages.ReadStreamRequest;
import dev.kumite.agentprotocol.messages.ReadStreamResponse;
import dev.kumite.agentprotocol.messages.RemoveContainerRequest;
import dev.kumite.agentprotocol.messages.ReseedRandomDevRequest;
import dev.kumite.agentprotocol.messages.ResumeContainerRequest;
import dev.kumite.agentprotocol.messages.Routes;
import dev.kumite.agentprotocol.messages.SetGuestDateTimeRequest;
import dev.kumite.agentprotocol.messages.SignalProcessRequest;
import dev.kumite.agentprotocol.messages.StartContainerRequest;
import dev.kumite.agentprotocol.messages.StatsContainerRequest;
import dev.kumite.agentprotocol.messages.StatsContainerResponse;
import dev.kumite.agentprotocol.messages.TtyWinResizeRequest;
import dev.kumite.agentprotocol.messages.UpdateContainerRequest;
import dev.kumite.agentprotocol.messages.UpdateEphemeralMountsRequest;
import dev.kumite.agentprotocol.messages.UpdateInterfaceRequest;
import dev.kumite.agentprotocol.messages.UpdateRoutesRequest;
import dev.kumite.agentprotocol.messages.VolumeStatsRequest;
import dev.kumite.agentprotocol.messages.VolumeStatsResponse;
import dev.kumite.agentprotocol.messages.WaitProcessRequest;
import dev.kumite.agentprotocol.messages.WaitProcessResponse;
import dev.kumite.agentprotocol.messages.WriteStreamRequest;
import dev.kumite.agentprotocol.messages.WriteStreamResponse;
import dev.kumite.ttrpc.CallContext;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Answers the host's calls. Says what each call means for the sandbox; how it is done is said
 * elsewhere. Immutable; the sandbox guards itself.
 */
public final class Agent implements AgentService {

    private final Sandbox sandbox;

    Agent(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    private ContainerProcess process(String containerId, String execId) {
        return sandbox.container(containerId).process(execId);
    }

    @Override
    public Empty createSandbox(CreateSandboxRequest request, CallContext context) {
        sandbox.create(request);
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty destroySandbox(DestroySandboxRequest request, CallContext context) {
        sandbox.destroy();
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty createContainer(CreateContainerRequest request, CallContext context) {
        sandbox.createContainer(request);
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty startContainer(StartContainerRequest request, CallContext context) {
        sandbox.startContainer(request.getContainerId());
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty removeContainer(RemoveContainerRequest request, CallContext context) {
        sandbox.removeContainer(
                request.getContainerId(),
                Duration.ofSeconds(Integer.toUnsignedLong(request.getTimeout())));
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty execProcess(ExecProcessRequest request, CallContext context) {
        sandbox.exec(request);
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty signalProcess(SignalProcessRequest request, CallContext context) {
        Container container = sandbox.container(request.getContainerId());
        if (request.getExecId().isEmpty()) {
            Signalling.all(container, request.getSignal());
        } else {
            Signalling.one(container.process(request.getExecId()), container, request.getSignal());
        }
        return Empty.getDefaultInstance();
    }

    @Override
    public WaitProcessResponse waitProcess(WaitProcessRequest request, CallContext context) {
        ContainerProcess process = process(request.getContainerId(), request.getExecId());
        return WaitProcessResponse.newBuilder().setStatus(process.await(context)).build();
    }

    @Override
    public Empty pauseContainer(PauseContainerRequest request, CallContext context) {
        sandbox.crun().pause(sandbox.container(request.getContainerId()).id());
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty resumeContainer(ResumeContainerRequest request, CallContext context) {
        sandbox.crun().resume(sandbox.container(request.getContainerId()).id());
        return Empty.getDefaultInstance();
    }

    @Override
    public WriteStreamResponse writeStdin(WriteStreamRequest request, CallContext context) {
        process(request.getContainerId(), request.getExecId())
                .streams()
                .input()
                .write(request.getData(), context);
        return WriteStreamResponse.newBuilder().setLen(request.getData().size()).build();
    }

    @Override
    public Empty closeStdin(CloseStdinRequest request, CallContext context) {
        process(request.getContainerId(), request.getExecId()).streams().input().close();
        return Empty.getDefaultInstance();
    }

    @Override
    public ReadStreamResponse readStdout(ReadStreamRequest request, CallContext context) {
        return read(streams(request).output(), request, context);
    }

    @Override
    public ReadStreamResponse readStderr(ReadStreamRequest request, CallContext context) {
        return read(streams(request).errorOutput(), request, context);
    }

    private ProcessStreams streams(ReadStreamRequest request) {
        return process(request.getContainerId(), request.getExecId()).streams();
    }

    private static ReadStreamResponse read(
            ProcessOutput output, ReadStreamRequest request, CallContext context) {
        return ReadStreamResponse.newBuilder()
                .setData(output.read(request.getLen(), context))
                .build();
    }

    @Override
    public Empty ttyWinResize(TtyWinResizeRequest request, CallContext context) {
        process(request.getContainerId(), request.getExecId())
                .streams()
                .resize(request.getRow(), request.getColumn());
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty updateContainer(UpdateContainerRequest request, CallContext context) {
        sandbox.update(request.getContainerId(), request.getResources());
        return Empty.getDefaultInstance();
    }

    @Override
    public StatsContainerResponse statsContainer(
            StatsContainerRequest request, CallContext context) {
        ContainerCgroup cgroup = sandbox.container(request.getContainerId()).cgroup();
        return StatsContainerResponse.newBuilder()
                .setCgroupStats(new CgroupStatistics(cgroup.processes()).read())
                .addAllNetworkStats(new InterfaceStatistics(Path.of("/sys/class/net")).read())
                .build();
    }

    @Override
    public Interface updateInterface(UpdateInterfaceRequest request, CallContext context) {
        GuestNetwork.update(request.getInterface());
        return request.getInterface();
    }

    @Override
    public Routes updateRoutes(UpdateRoutesRequest request, CallContext context) {
        GuestNetwork.updateRoutes(request.getRoutes().getRoutesList());
        return Routes.newBuilder().addAllRoutes(GuestNetwork.routes()).build();
    }

    @Override
    public Interfaces listInterfaces(ListInterfacesRequest request, CallContext context) {
        return Interfaces.newBuilder().addAllInterfaces(GuestNetwork.interfaces()).build();
    }

    @Override
    public Routes listRoutes(ListRoutesRequest request, CallContext context) {
        return Routes.newBuilder().addAllRoutes(GuestNetwork.routes()).build();
    }

    @Override
    public Empty addArpNeighbors(AddARPNeighborsRequest request, CallContext context) {
        GuestNetwork.addNeighbours(request.getNeighbors().getARPNeighborsList());
        return Empty.getDefaultInstance();
    }

    @Override
    public Metrics getMetrics(GetMetricsRequest request, CallContext context) {
        return Metrics.newBuilder()
                .setMetrics(new GuestMetrics(Path.of("/proc")).text(sandbox.all().size()))
                .build();
    }

    @Override
    public Empty onlineCpuMem(OnlineCPUMemRequest request, CallContext context) {
        new GuestMachine().online(request);
        return Empty.getDefaultInstance();
    }

    @Override
    public GuestDetailsResponse getGuestDetails(GuestDetailsRequest request, CallContext context) {
        return new GuestMachine().details(request);
    }

    @Override
    public Empty memHotplugByProbe(MemHotplugByProbeRequest request, CallContext context) {
        new GuestMachine().probeMemory(request.getMemHotplugProbeAddrList());
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty setGuestDateTime(SetGuestDateTimeRequest request, CallContext context) {
        GuestMachine.setClock(request.getSec(), request.getUsec());
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty reseedRandomDev(ReseedRandomDevRequest request, CallContext context) {
        GuestMachine.addEntropy(request.getData().toByteArray());
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty copyFile(CopyFileRequest request, CallContext context) {
        sandbox.copy(request);
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty updateEphemeralMounts(UpdateEphemeralMountsRequest request, CallContext context) {
        sandbox.remount(request.getStoragesList());
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty addSwap(AddSwapRequest request, CallContext context) {
        sandbox.addSwap(request.getPCIPathList());
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty addSwapPath(AddSwapPathRequest request, CallContext context) {
        sandbox.addSwap(request.getPath());
        return Empty.getDefaultInstance();
    }

    @Override
    public VolumeStatsResponse getVolumeStats(VolumeStatsRequest request, CallContext context) {
        return VolumeStatistics.of(Path.of(request.getVolumeGuestPath()));
    }

    @Override
    public OOMEvent getOomEvent(GetOOMEventRequest request, CallContext context) {
        return OOMEvent.newBuilder().setContainerId(sandbox.outOfMemory().await(context)).build();
    }
}
