package dev.kumite.engine;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.kumite.agentprotocol.AgentBinding;
import dev.kumite.agentprotocol.AgentService;
import dev.kumite.agentprotocol.HealthService;
import dev.kumite.agentprotocol.messages.CgroupStats;
import dev.kumite.agentprotocol.messages.CloseStdinRequest;
import dev.kumite.agentprotocol.messages.CpuStats;
import dev.kumite.agentprotocol.messages.CpuUsage;
import dev.kumite.agentprotocol.messages.ExecProcessRequest;
import dev.kumite.agentprotocol.messages.MemoryData;
import dev.kumite.agentprotocol.messages.MemoryStats;
import dev.kumite.agentprotocol.messages.PauseContainerRequest;
import dev.kumite.agentprotocol.messages.PidsStats;
import dev.kumite.agentprotocol.messages.ReadStreamRequest;
import dev.kumite.agentprotocol.messages.ReadStreamResponse;
import dev.kumite.agentprotocol.messages.ResumeContainerRequest;
import dev.kumite.agentprotocol.messages.SignalProcessRequest;
import dev.kumite.agentprotocol.messages.StatsContainerRequest;
import dev.kumite.agentprotocol.messages.StatsContainerResponse;
import dev.kumite.agentprotocol.messages.TtyWinResizeRequest;
import dev.kumite.agentprotocol.messages.UpdateContainerRequest;
import dev.kumite.agentprotocol.messages.WaitProcessRequest;
import dev.kumite.agentprotocol.messages.WaitProcessResponse;
import dev.kumite.agentprotocol.messages.WriteStreamRequest;
import dev.kumite.agentprotocol.messages.WriteStreamResponse;
import dev.kumite.ttrpc.CallContext;
import dev.kumite.ttrpc.StatusCode;
import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.ttrpc.TtrpcServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An agent without a guest behind a socket: every process echoes its input to its output and ends
 * with the code that its first argument says.
 */
class FakeAgent implements AgentService, HealthService, AutoCloseable {

    private static final ByteString END = ByteString.EMPTY;

    private final ServerSocketChannel listener;
    final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, BlockingQueue<ByteString>> outputs = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> ended = new ConcurrentHashMap<>();
    private final Map<String, Integer> codes = new ConcurrentHashMap<>();

    FakeAgent(Path socket) {
        try {
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                TtrpcServer server = AgentBinding.bind(TtrpcServer.create(), this, this);
                Thread.ofVirtual()
                        .start(() ->
                                server.onSerialLine()
                                        .serve(
                                                Channels.newInputStream(channel),
                                                Channels.newOutputStream(channel)));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    @Override
    public dev.kumite.agentprotocol.messages.HealthCheckResponse check(
            dev.kumite.agentprotocol.messages.CheckRequest request, CallContext context) {
        return dev.kumite.agentprotocol.messages.HealthCheckResponse.getDefaultInstance();
    }

    @Override
    public dev.kumite.agentprotocol.messages.VersionCheckResponse version(
            dev.kumite.agentprotocol.messages.CheckRequest request, CallContext context) {
        return dev.kumite.agentprotocol.messages.VersionCheckResponse.getDefaultInstance();
    }

    BlockingQueue<ByteString> output(String execId) {
        return outputs.computeIfAbsent(execId, id -> new LinkedBlockingQueue<>());
    }

    CountDownLatch end(String execId) {
        return ended.computeIfAbsent(execId, id -> new CountDownLatch(1));
    }

    void exit(String execId, int code) {
        codes.put(execId, code);
        output(execId).add(END);
        end(execId).countDown();
    }

    @Override
    public Empty execProcess(ExecProcessRequest request, CallContext context) {
        calls.add(
                "exec "
                        + request.getProcess().getArgsList()
                        + " "
                        + request.getProcess().getEnvList());
        if (request.getProcess().getArgs(0).equals("/missing")) {
            throw TtrpcException.refused(
                    StatusCode.NOT_FOUND, "no such \u001b[31mprogram\n\"/missing\"");
        }
        codes.put(request.getExecId(), Integer.parseInt(request.getProcess().getArgs(0)));
        return Empty.getDefaultInstance();
    }

    @Override
    public WaitProcessResponse waitProcess(WaitProcessRequest request, CallContext context) {
        context.interruptOnCancel();
        try {
            end(request.getExecId()).await();
        } catch (InterruptedException e) {
            throw TtrpcException.refused(StatusCode.CANCELLED, "cancelled");
        }
        return WaitProcessResponse.newBuilder()
                .setStatus(codes.getOrDefault(request.getExecId(), 0))
                .build();
    }

    @Override
    public WriteStreamResponse writeStdin(WriteStreamRequest request, CallContext context) {
        output(request.getExecId()).add(request.getData());
        return WriteStreamResponse.newBuilder().setLen(request.getData().size()).build();
    }

    @Override
    public Empty closeStdin(CloseStdinRequest request, CallContext context) {
        output(request.getExecId()).add(END);
        end(request.getExecId()).countDown();
        return Empty.getDefaultInstance();
    }

    @Override
    public ReadStreamResponse readStdout(ReadStreamRequest request, CallContext context) {
        context.interruptOnCancel();
        try {
            ByteString data = output(request.getExecId()).take();
            return ReadStreamResponse.newBuilder().setData(data).build();
        } catch (InterruptedException e) {
            throw TtrpcException.refused(StatusCode.CANCELLED, "cancelled");
        }
    }

    @Override
    public ReadStreamResponse readStderr(ReadStreamRequest request, CallContext context) {
        throw TtrpcException.refused(StatusCode.UNKNOWN, "EOF");
    }

    @Override
    public Empty signalProcess(SignalProcessRequest request, CallContext context) {
        calls.add("signal " + request.getSignal() + " to \"" + request.getExecId() + "\"");
        if (request.getSignal() == 9) {
            exit(request.getExecId(), 137);
        }
        if (request.getSignal() == 10) {
            throw TtrpcException.refused(StatusCode.NOT_FOUND, "no such process");
        }
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty ttyWinResize(TtyWinResizeRequest request, CallContext context) {
        calls.add("resize " + request.getRow() + "x" + request.getColumn());
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty pauseContainer(PauseContainerRequest request, CallContext context) {
        calls.add("pause");
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty resumeContainer(ResumeContainerRequest request, CallContext context) {
        calls.add("resume");
        return Empty.getDefaultInstance();
    }

    @Override
    public Empty updateContainer(UpdateContainerRequest request, CallContext context) {
        calls.add(
                "update memory "
                        + request.getResources().getMemory().getLimit()
                        + " cpus \""
                        + request.getResources().getCPU().getCpus()
                        + "\"");
        return Empty.getDefaultInstance();
    }

    @Override
    public StatsContainerResponse statsContainer(
            StatsContainerRequest request, CallContext context) {
        return StatsContainerResponse.newBuilder()
                .setCgroupStats(
                        CgroupStats.newBuilder()
                                .setCpuStats(
                                        CpuStats.newBuilder()
                                                .setCpuUsage(
                                                        CpuUsage.newBuilder()
                                                                .setTotalUsage(3_000_000_000L)))
                                .setMemoryStats(
                                        MemoryStats.newBuilder()
                                                .setUsage(
                                                        MemoryData.newBuilder()
                                                                .setUsage(-1)
                                                                .setLimit(64 << 20)))
                                .setPidsStats(PidsStats.newBuilder().setCurrent(2)))
                .build();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
