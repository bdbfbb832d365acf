package dev.kumite.agentprotocol;

import com.google.protobuf.Empty;
import dev.kumite.agentprotocol.messages.AddARPNeighborsRequest;
import dev.kumite.agentprotocol.messages.AddSwapPathRequest;
import dev.kumite.agentprotocol.messages.AddSwapRequest;
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
import dev.kumite.agentprotocol.messages.VolumeStatsRequest;
import dev.kumite.agentprotocol.messages.VolumeStatsResponse;
import dev.kumite.agentprotocol.messages.WaitProcessRequest;
import dev.kumite.agentprotocol.messages.WaitProcessResponse;
import dev.kumite.agentprotocol.messages.WriteStreamRequest;
import dev.kumite.agentprotocol.messages.WriteStreamResponse;
import dev.kumite.ttrpc.CallContext;
import dev.kumite.ttrpc.TtrpcException;

/**
 * What an agent can do. One method for each call; those that an agent leaves out are refused as
 * UNIMPLEMENTED.
 *
 * <p>Methods run on a thread for each call, which may have another call afterwards. They refuse by
 * a {@link TtrpcException}; one that waits has to end when its context is cancelled.
 *
 * <p>Source: Kata Containers 4.1, agent.proto.
 */
public interface AgentService {

    /** The service's name on the wire. */
    String NAME = "grpc.AgentService";

    /** Makes a container and its first process, which waits for {@link #startContainer}. */
    default Empty createContainer(CreateContainerRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "CreateContainer");
    }

    /** Lets the first process of a container run. */
    default Empty startContainer(StartContainerRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "StartContainer");
    }

    /**
     * Removes a container and kills what still runs in it; {@code timeout} is in seconds, 0 is the
     * agent's own.
     */
    default Empty removeContainer(RemoveContainerRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "RemoveContainer");
    }

    /** Starts one more process in a container. */
    default Empty execProcess(ExecProcessRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "ExecProcess");
    }

    /** Sends a signal to one process, or to all of the container if {@code exec_id} is empty. */
    default Empty signalProcess(SignalProcessRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "SignalProcess");
    }

    /**
     * Waits until a process has ended; its status is the exit code, or 128 plus the signal that
     * killed it.
     */
    default WaitProcessResponse waitProcess(WaitProcessRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "WaitProcess");
    }

    /** Changes a container's limits. */
    default Empty updateContainer(UpdateContainerRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "UpdateContainer");
    }

    /** Resizes memory-backed file systems. */
    default Empty updateEphemeralMounts(UpdateEphemeralMountsRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "UpdateEphemeralMounts");
    }

    /** Reads what a container uses. */
    default StatsContainerResponse statsContainer(
            StatsContainerRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "StatsContainer");
    }

    /** Freezes a container. */
    default Empty pauseContainer(PauseContainerRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "PauseContainer");
    }

    /** Thaws a container. */
    default Empty resumeContainer(ResumeContainerRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "ResumeContainer");
    }

    /** Unmounts what the host no longer shares. */
    default Empty removeStaleVirtiofsShareMounts(
            RemoveStaleVirtiofsShareMountsRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "RemoveStaleVirtiofsShareMounts");
    }

    /** Reads a log of the guest. */
    default GetDiagnosticDataResponse getDiagnosticData(
            GetDiagnosticDataRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "GetDiagnosticData");
    }

    /** Writes to a process's input; the answer says how many bytes were taken. */
    default WriteStreamResponse writeStdin(WriteStreamRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "WriteStdin");
    }

    /** Waits for a process's output; empty at its end. */
    default ReadStreamResponse readStdout(ReadStreamRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "ReadStdout");
    }

    /** Waits for a process's error output; empty at its end. */
    default ReadStreamResponse readStderr(ReadStreamRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "ReadStderr");
    }

    /** Closes a process's input. */
    default Empty closeStdin(CloseStdinRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "CloseStdin");
    }

    /** Sets the size of a process's terminal. */
    default Empty ttyWinResize(TtyWinResizeRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "TtyWinResize");
    }

    /** Configures a network device, found by its hardware address. */
    default Interface updateInterface(UpdateInterfaceRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "UpdateInterface");
    }

    /** Replaces the routes. */
    default Routes updateRoutes(UpdateRoutesRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "UpdateRoutes");
    }

    /** Lists the network devices. */
    default Interfaces listInterfaces(ListInterfacesRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "ListInterfaces");
    }

    /** Lists the routes. */
    default Routes listRoutes(ListRoutesRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "ListRoutes");
    }

    /** Adds fixed entries to the neighbour table. */
    default Empty addArpNeighbors(AddARPNeighborsRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "AddARPNeighbors");
    }

    /** Reads the packet filter's rules. */
    default GetIPTablesResponse getIpTables(GetIPTablesRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "GetIPTables");
    }

    /** Replaces the packet filter's rules. */
    default SetIPTablesResponse setIpTables(SetIPTablesRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "SetIPTables");
    }

    /** Reads the agent's figures, as Prometheus text. */
    default Metrics getMetrics(GetMetricsRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "GetMetrics");
    }

    /** Configures reclaiming of memory. */
    default Empty memAgentMemcgSet(MemAgentMemcgConfig request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "MemAgentMemcgSet");
    }

    /** Configures compaction of memory. */
    default Empty memAgentCompactSet(MemAgentCompactConfig request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "MemAgentCompactSet");
    }

    /** Prepares the guest for its first container. */
    default Empty createSandbox(CreateSandboxRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "CreateSandbox");
    }

    /** Undoes {@link #createSandbox}. */
    default Empty destroySandbox(DestroySandboxRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "DestroySandbox");
    }

    /** Takes plugged CPUs and memory into use. */
    default Empty onlineCpuMem(OnlineCPUMemRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "OnlineCPUMem");
    }

    /** Adds entropy from the host. */
    default Empty reseedRandomDev(ReseedRandomDevRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "ReseedRandomDev");
    }

    /** Reads what the guest and its agent can do. */
    default GuestDetailsResponse getGuestDetails(GuestDetailsRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "GetGuestDetails");
    }

    /** Announces plugged memory at these addresses. */
    default Empty memHotplugByProbe(MemHotplugByProbeRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "MemHotplugByProbe");
    }

    /** Sets the clock. */
    default Empty setGuestDateTime(SetGuestDateTimeRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "SetGuestDateTime");
    }

    /** Writes a file, or a piece of one. */
    default Empty copyFile(CopyFileRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "CopyFile");
    }

    /** Waits until the kernel kills something for want of memory. */
    default OOMEvent getOomEvent(GetOOMEventRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "GetOOMEvent");
    }

    /** Takes a block device, by its PCI path, into use as swap. */
    default Empty addSwap(AddSwapRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "AddSwap");
    }

    /** Takes a block device, by its path, into use as swap. */
    default Empty addSwapPath(AddSwapPathRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "AddSwapPath");
    }

    /** Reads how full a volume is. */
    default VolumeStatsResponse getVolumeStats(VolumeStatsRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "GetVolumeStats");
    }

    /** Grows a volume's file system. */
    default Empty resizeVolume(ResizeVolumeRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "ResizeVolume");
    }

    /** Sets the policy that calls are checked against. */
    default Empty setPolicy(SetPolicyRequest request, CallContext context) {
        throw TtrpcException.unimplemented(NAME, "SetPolicy");
    }
}
