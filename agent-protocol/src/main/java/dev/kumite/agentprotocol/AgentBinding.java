package dev.kumite.agentprotocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
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
import dev.kumite.agentprotocol.messages.GetIPTablesRequest;
import dev.kumite.agentprotocol.messages.GetMetricsRequest;
import dev.kumite.agentprotocol.messages.GetOOMEventRequest;
import dev.kumite.agentprotocol.messages.GuestDetailsRequest;
import dev.kumite.agentprotocol.messages.ListInterfacesRequest;
import dev.kumite.agentprotocol.messages.ListRoutesRequest;
import dev.kumite.agentprotocol.messages.MemAgentCompactConfig;
import dev.kumite.agentprotocol.messages.MemAgentMemcgConfig;
import dev.kumite.agentprotocol.messages.MemHotplugByProbeRequest;
import dev.kumite.agentprotocol.messages.OnlineCPUMemRequest;
import dev.kumite.agentprotocol.messages.PauseContainerRequest;
import dev.kumite.agentprotocol.messages.ReadStreamRequest;
import dev.kumite.agentprotocol.messages.RemoveContainerRequest;
import dev.kumite.agentprotocol.messages.RemoveStaleVirtiofsShareMountsRequest;
import dev.kumite.agentprotocol.messages.ReseedRandomDevRequest;
import dev.kumite.agentprotocol.messages.ResizeVolumeRequest;
import dev.kumite.agentprotocol.messages.ResumeContainerRequest;
import dev.kumite.agentprotocol.messages.SetGuestDateTimeRequest;
import dev.kumite.agentprotocol.messages.SetIPTablesRequest;
import dev.kumite.agentprotocol.messages.SetPolicyRequest;
import dev.kumite.agentprotocol.messages.SignalProcessRequest;
import dev.kumite.agentprotocol.messages.StartContainerRequest;
import dev.kumite.agentprotocol.messages.StatsContainerRequest;
import dev.kumite.agentprotocol.messages.TtyWinResizeRequest;
import dev.kumite.agentprotocol.messages.UpdateContainerRequest;
import dev.kumite.agentprotocol.messages.UpdateEphemeralMountsRequest;
import dev.kumite.agentprotocol.messages.UpdateInterfaceRequest;
import dev.kumite.agentprotocol.messages.UpdateRoutesRequest;
import dev.kumite.agentprotocol.messages.VolumeStatsRequest;
import dev.kumite.agentprotocol.messages.WaitProcessRequest;
import dev.kumite.agentprotocol.messages.WriteStreamRequest;
import dev.kumite.ttrpc.CallContext;
import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.ttrpc.TtrpcServer;

/**
 * Puts an agent and its health on a ttrpc server. A call loads the classes of its own messages and
 * no others, which is what an agent in an emulated guest can afford.
 */
public final class AgentBinding {

    private AgentBinding() {}

    /** {@return {@code server} with both services} */
    public static TtrpcServer bind(TtrpcServer server, AgentService agent, HealthService health) {
        return server.with(
                        AgentService.NAME,
                        (method, payload, context) -> call(agent, method, payload, context))
                .with(
                        HealthService.NAME,
                        (method, payload, context) -> call(health, method, payload, context));
    }

    private static MessageLite call(
            HealthService health, String method, ByteString payload, CallContext context)
            throws InvalidProtocolBufferException {
        return switch (method) {
            case "Check" -> health.check(CheckRequest.parseFrom(payload), context);
            case "Version" -> health.version(CheckRequest.parseFrom(payload), context);
            default -> throw TtrpcException.unimplemented(HealthService.NAME, method);
        };
    }

    private static MessageLite call(
            AgentService agent, String method, ByteString payload, CallContext context)
            throws InvalidProtocolBufferException {
        return switch (method) {
            case "CreateContainer" ->
                    agent.createContainer(CreateContainerRequest.parseFrom(payload), context);
            case "StartContainer" ->
                    agent.startContainer(StartContainerRequest.parseFrom(payload), context);
            case "RemoveContainer" ->
                    agent.removeContainer(RemoveContainerRequest.parseFrom(payload), context);
            case "ExecProcess" -> agent.execProcess(ExecProcessRequest.parseFrom(payload), context);
            case "SignalProcess" ->
                    agent.signalProcess(SignalProcessRequest.parseFrom(payload), context);
            case "WaitProcess" -> agent.waitProcess(WaitProcessRequest.parseFrom(payload), context);
            case "UpdateContainer" ->
                    agent.updateContainer(UpdateContainerRequest.parseFrom(payload), context);
            case "UpdateEphemeralMounts" ->
                    agent.updateEphemeralMounts(
                            UpdateEphemeralMountsRequest.parseFrom(payload), context);
            case "StatsContainer" ->
                    agent.statsContainer(StatsContainerRequest.parseFrom(payload), context);
            case "PauseContainer" ->
                    agent.pauseContainer(PauseContainerRequest.parseFrom(payload), context);
            case "ResumeContainer" ->
                    agent.resumeContainer(ResumeContainerRequest.parseFrom(payload), context);
            case "RemoveStaleVirtiofsShareMounts" ->
                    agent.removeStaleVirtiofsShareMounts(
                            RemoveStaleVirtiofsShareMountsRequest.parseFrom(payload), context);
            case "GetDiagnosticData" ->
                    agent.getDiagnosticData(GetDiagnosticDataRequest.parseFrom(payload), context);
            default -> callStream(agent, method, payload, context);
        };
    }

    private static MessageLite callStream(
            AgentService agent, String method, ByteString payload, CallContext context)
            throws InvalidProtocolBufferException {
        return switch (method) {
            case "WriteStdin" -> agent.writeStdin(WriteStreamRequest.parseFrom(payload), context);
            case "ReadStdout" -> agent.readStdout(ReadStreamRequest.parseFrom(payload), context);
            case "ReadStderr" -> agent.readStderr(ReadStreamRequest.parseFrom(payload), context);
            case "CloseStdin" -> agent.closeStdin(CloseStdinRequest.parseFrom(payload), context);
            case "TtyWinResize" ->
                    agent.ttyWinResize(TtyWinResizeRequest.parseFrom(payload), context);
            default -> callNetwork(agent, method, payload, context);
        };
    }

    private static MessageLite callNetwork(
            AgentService agent, String method, ByteString payload, CallContext context)
            throws InvalidProtocolBufferException {
        return switch (method) {
            case "UpdateInterface" ->
                    agent.updateInterface(UpdateInterfaceRequest.parseFrom(payload), context);
            case "UpdateRoutes" ->
                    agent.updateRoutes(UpdateRoutesRequest.parseFrom(payload), context);
            case "ListInterfaces" ->
                    agent.listInterfaces(ListInterfacesRequest.parseFrom(payload), context);
            case "ListRoutes" -> agent.listRoutes(ListRoutesRequest.parseFrom(payload), context);
            case "AddARPNeighbors" ->
                    agent.addArpNeighbors(AddARPNeighborsRequest.parseFrom(payload), context);
            case "GetIPTables" -> agent.getIpTables(GetIPTablesRequest.parseFrom(payload), context);
            case "SetIPTables" -> agent.setIpTables(SetIPTablesRequest.parseFrom(payload), context);
            default -> callGuest(agent, method, payload, context);
        };
    }

    private static MessageLite callGuest(
            AgentService agent, String method, ByteString payload, CallContext context)
            throws InvalidProtocolBufferException {
        return switch (method) {
            case "GetMetrics" -> agent.getMetrics(GetMetricsRequest.parseFrom(payload), context);
            case "MemAgentMemcgSet" ->
                    agent.memAgentMemcgSet(MemAgentMemcgConfig.parseFrom(payload), context);
            case "MemAgentCompactSet" ->
                    agent.memAgentCompactSet(MemAgentCompactConfig.parseFrom(payload), context);
            case "CreateSandbox" ->
                    agent.createSandbox(CreateSandboxRequest.parseFrom(payload), context);
            case "DestroySandbox" ->
                    agent.destroySandbox(DestroySandboxRequest.parseFrom(payload), context);
            case "OnlineCPUMem" ->
                    agent.onlineCpuMem(OnlineCPUMemRequest.parseFrom(payload), context);
            case "ReseedRandomDev" ->
                    agent.reseedRandomDev(ReseedRandomDevRequest.parseFrom(payload), context);
            case "GetGuestDetails" ->
                    agent.getGuestDetails(GuestDetailsRequest.parseFrom(payload), context);
            case "MemHotplugByProbe" ->
                    agent.memHotplugByProbe(MemHotplugByProbeRequest.parseFrom(payload), context);
            case "SetGuestDateTime" ->
                    agent.setGuestDateTime(SetGuestDateTimeRequest.parseFrom(payload), context);
            case "CopyFile" -> agent.copyFile(CopyFileRequest.parseFrom(payload), context);
            case "GetOOMEvent" -> agent.getOomEvent(GetOOMEventRequest.parseFrom(payload), context);
            case "AddSwap" -> agent.addSwap(AddSwapRequest.parseFrom(payload), context);
            case "AddSwapPath" -> agent.addSwapPath(AddSwapPathRequest.parseFrom(payload), context);
            case "GetVolumeStats" ->
                    agent.getVolumeStats(VolumeStatsRequest.parseFrom(payload), context);
            case "ResizeVolume" ->
                    agent.resizeVolume(ResizeVolumeRequest.parseFrom(payload), context);
            case "SetPolicy" -> agent.setPolicy(SetPolicyRequest.parseFrom(payload), context);
            default -> throw TtrpcException.unimplemented(AgentService.NAME, method);
        };
    }
}
