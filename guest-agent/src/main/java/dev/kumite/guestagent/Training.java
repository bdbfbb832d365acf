package dev.kumite.guestagent;

import com.google.protobuf.ByteString;
import dev.kumite.agentprotocol.AgentClient;
import dev.kumite.agentprotocol.messages.CheckRequest;
import dev.kumite.agentprotocol.messages.CloseStdinRequest;
import dev.kumite.agentprotocol.messages.CreateContainerRequest;
import dev.kumite.agentprotocol.messages.CreateSandboxRequest;
import dev.kumite.agentprotocol.messages.DestroySandboxRequest;
import dev.kumite.agentprotocol.messages.ExecProcessRequest;
import dev.kumite.agentprotocol.messages.ReadStreamRequest;
import dev.kumite.agentprotocol.messages.RemoveContainerRequest;
import dev.kumite.agentprotocol.messages.SignalProcessRequest;
import dev.kumite.agentprotocol.messages.StartContainerRequest;
import dev.kumite.agentprotocol.messages.WaitProcessRequest;
import dev.kumite.agentprotocol.messages.WriteStreamRequest;
import dev.kumite.ttrpc.TtrpcClient;
import dev.kumite.ttrpc.TtrpcServer;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The run that fills the AOT cache: a host, played by this class, has the agent run a container,
 * with scripts in the place of crun and busybox. Needs no privileges, changes nothing outside its
 * directory.
 */
final class Training {

    private static final String ID = "training";

    private static final String CRUN =
            """
            #!/bin/sh
            for word in "$@"; do
                case $word in
                --pid-file=*) echo $$ >"${word#--pid-file=}" ;;
                esac
            done
            cat
            echo err >&2
            """;

    private final AgentClient client;

    private Training(AgentClient client) {
        this.client = client;
    }

    /** Goes through the life of a sandbox. */
    static void run(Path directory, Log log) throws IOException {
        Path crun = script(directory.resolve("crun"), CRUN);
        Path busybox = script(directory.resolve("busybox"), "#!/bin/sh\n");
        GuestLayout layout =
                new GuestLayout(
                        directory.resolve("run"),
                        directory.resolve("state"),
                        List.of(crun.toString()),
                        List.of(busybox.toString()),
                        directory.resolve("cgroup"),
                        "disabled");
        ProcessPipe toAgent = ProcessPipe.open();
        ProcessPipe fromAgent = ProcessPipe.open();
        TtrpcServer server = Main.server(layout, log).onSerialLine();
        // The classes that a port is read and written with, so not the pipes' own channels.
        FileInputStream in = new FileInputStream(toAgent.readEnd());
        FileOutputStream out = new FileOutputStream(fromAgent.writeEnd());
        Thread.ofPlatform()
                .daemon()
                .name("port")
                .start(() -> SerialPort.serve(new SerialPort(in), out, server, log));
        try (TtrpcClient connection =
                TtrpcClient.open(
                        Channels.newInputStream(fromAgent.channels().source()),
                        Channels.newOutputStream(toAgent.channels().sink()),
                        toAgent.channels().sink())) {
            new Training(AgentClient.over(connection)).live(directory);
        }
        log.info("trained");
    }

    private static Path script(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
        Files.setAttribute(file, "unix:mode", 0755);
        return file;
    }

    private void live(Path directory) {
        client.check(CheckRequest.getDefaultInstance());
        client.createSandbox(
                CreateSandboxRequest.newBuilder()
                        .setSandboxId(ID)
                        .addAllStorages(TrainingSpec.storages(directory))
                        .build());
        client.createContainer(
                CreateContainerRequest.newBuilder()
                        .setContainerId(ID)
                        .setExecId(ID)
                        .setOCI(TrainingSpec.spec(directory))
                        .build());
        client.startContainer(StartContainerRequest.newBuilder().setContainerId(ID).build());
        client.execProcess(
                ExecProcessRequest.newBuilder()
                        .setContainerId(ID)
                        .setExecId("more")
                        .setProcess(TrainingSpec.process())
                        .build());
        client.signalProcess(
                SignalProcessRequest.newBuilder()
                        .setContainerId(ID)
                        .setExecId("more")
                        .setSignal(9)
                        .build());
        stream();
        client.waitProcess(
                WaitProcessRequest.newBuilder().setContainerId(ID).setExecId(ID).build());
        client.removeContainer(RemoveContainerRequest.newBuilder().setContainerId(ID).build());
        client.destroySandbox(DestroySandboxRequest.getDefaultInstance());
    }

    private void stream() {
        client.writeStdin(
                WriteStreamRequest.newBuilder()
                        .setContainerId(ID)
                        .setExecId(ID)
                        .setData(ByteString.copyFromUtf8("in"))
                        .build());
        client.closeStdin(CloseStdinRequest.newBuilder().setContainerId(ID).setExecId(ID).build());
        ReadStreamRequest read =
                ReadStreamRequest.newBuilder()
                        .setContainerId(ID)
                        .setExecId(ID)
                        .setLen(32 << 10)
                        .build();
        while (!client.readStdout(read).getData().isEmpty()) {
            // Until the end.
        }
        while (!client.readStderr(read).getData().isEmpty()) {
            // Until the end.
        }
    }
}
