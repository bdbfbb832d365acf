package dev.kumite.guestagent;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.kumite.agentprotocol.AgentBinding;
import dev.kumite.agentprotocol.AgentClient;
import dev.kumite.agentprotocol.messages.CreateContainerRequest;
import dev.kumite.agentprotocol.messages.DestroySandboxRequest;
import dev.kumite.agentprotocol.messages.Linux;
import dev.kumite.agentprotocol.messages.LinuxNamespace;
import dev.kumite.agentprotocol.messages.Mount;
import dev.kumite.agentprotocol.messages.Process;
import dev.kumite.agentprotocol.messages.ReadStreamRequest;
import dev.kumite.agentprotocol.messages.RemoveContainerRequest;
import dev.kumite.agentprotocol.messages.Root;
import dev.kumite.agentprotocol.messages.Spec;
import dev.kumite.agentprotocol.messages.StartContainerRequest;
import dev.kumite.agentprotocol.messages.WaitProcessRequest;
import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.ttrpc.TtrpcServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real agent with the real crun, in a directory of its own, served over a Unix socket, and a
 * client. Needs root, crun and a static busybox.
 */
final class AgentFixture implements AutoCloseable {

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    final Path directory;
    final GuestLayout layout;
    final AgentClient client;
    private final UnixListener listener;
    private int containers;

    private AgentFixture(
            Path directory, GuestLayout layout, AgentClient client, UnixListener listener) {
        this.directory = directory;
        this.layout = layout;
        this.client = client;
        this.listener = listener;
    }

    /** {@return an agent; where a host has no crun or the user is not root, the test is skipped} */
    static AgentFixture start() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/crun")), "crun is not installed");
        assumeTrue(Files.isWritable(Path.of("/proc/1/oom_score_adj")), "not root");
        Path directory = Files.createTempDirectory("kumite-agent");
        // crun 1.8.1 refuses hosts with both versions of cgroups.
        Path crun =
                Files.writeString(
                        directory.resolve("crun"),
                        """
                        #!/bin/sh
                        exec unshare -m sh -c '
                            umount -l /sys/fs/cgroup/unified 2>/dev/null
                            exec /usr/bin/crun "$@"
                        ' crun "$@"
                        """);
        Files.setAttribute(crun, "unix:mode", 0755);
        GuestLayout layout =
                new GuestLayout(
                        directory.resolve("run"),
                        directory.resolve("state"),
                        List.of(crun.toString()),
                        List.of(BUSYBOX.toString()),
                        directory.resolve("cgroup"),
                        "disabled");
        makeRoot(directory.resolve("rootfs"));
        Log log = new Log(Log.Level.ERROR, System.err);
        TtrpcServer server =
                AgentBinding.bind(
                        TtrpcServer.create(), new Agent(new Sandbox(layout, log)), new Health());
        Path socket = directory.resolve("agent.sock");
        UnixListener listener = UnixListener.bind(socket, server, log);
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        listener.run();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        return new AgentFixture(directory, layout, TestClient.connect(socket), listener);
    }

    private static void makeRoot(Path root) throws IOException {
        for (String name : List.of("bin", "proc", "dev", "sys", "tmp")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.copy(BUSYBOX, root.resolve("bin/busybox"));
        for (String applet :
                List.of(
                        "sh",
                        "true",
                        "cat",
                        "echo",
                        "sleep",
                        "sha256sum",
                        "head",
                        "stty",
                        "id",
                        "env")) {
            Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
        }
    }

    Process process(String... args) {
        return Process.newBuilder()
                .addAllArgs(List.of(args))
                .addEnv("PATH=/bin")
                .setCwd("/")
                .build();
    }

    Spec spec(Process process) {
        Linux.Builder linux = Linux.newBuilder();
        for (String type : List.of("pid", "mount", "ipc", "uts", "network")) {
            linux.addNamespaces(
                    LinuxNamespace.newBuilder().setType(type).setPath("/proc/1/" + type));
        }
        return Spec.newBuilder()
                .setVersion("1.0.2")
                .setProcess(process)
                .setRoot(Root.newBuilder().setPath(directory.resolve("rootfs").toString()))
                .setHostname("inside")
                .addMounts(mount("/proc", "proc"))
                .addMounts(mount("/dev", "tmpfs"))
                .addMounts(mount("/dev/pts", "devpts"))
                .setLinux(linux)
                .build();
    }

    private static Mount mount(String destination, String type) {
        return Mount.newBuilder().setDestination(destination).setType(type).setSource(type).build();
    }

    /** {@return the id of a container that has been created and not started} */
    String create(Process process) {
        return create(spec(process));
    }

    String create(Spec spec) {
        return create("c" + ++containers, spec);
    }

    String create(String id) {
        return create(id, spec(process("true")));
    }

    private String create(String id, Spec spec) {
        client.createContainer(
                CreateContainerRequest.newBuilder()
                        .setContainerId(id)
                        .setExecId(id)
                        .setOCI(spec)
                        .build());
        return id;
    }

    void start(String id) {
        client.startContainer(StartContainerRequest.newBuilder().setContainerId(id).build());
    }

    /** {@return the id of a container that runs} */
    String run(String... args) {
        String id = create(process(args));
        start(id);
        return id;
    }

    int await(String id, String execId) {
        return client.waitProcess(
                        WaitProcessRequest.newBuilder()
                                .setContainerId(id)
                                .setExecId(execId)
                                .build())
                .getStatus();
    }

    int await(String id) {
        return await(id, id);
    }

    void remove(String id) {
        client.removeContainer(RemoveContainerRequest.newBuilder().setContainerId(id).build());
    }

    private static ReadStreamRequest read(String id, String execId) {
        return ReadStreamRequest.newBuilder()
                .setContainerId(id)
                .setExecId(execId)
                .setLen(32 << 10)
                .build();
    }

    /** {@return one piece of the output} */
    ByteString readOnce(String id, String execId) {
        return client.readStdout(read(id, execId)).getData();
    }

    ByteString readAll(String id, String execId) {
        ByteString.Output all = ByteString.newOutput();
        while (true) {
            ByteString piece = readOnce(id, execId);
            if (piece.isEmpty()) {
                return all.toByteString();
            }
            write(all, piece);
        }
    }

    String output(String id) {
        return readAll(id, id).toStringUtf8();
    }

    String errors(String id) {
        ByteString.Output all = ByteString.newOutput();
        while (true) {
            ByteString piece = client.readStderr(read(id, id)).getData();
            if (piece.isEmpty()) {
                return all.toByteString().toStringUtf8();
            }
            write(all, piece);
        }
    }

    private static void write(ByteString.Output all, ByteString piece) {
        try {
            piece.writeTo(all);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            client.destroySandbox(DestroySandboxRequest.getDefaultInstance());
        } catch (TtrpcException e) {
            throw new AssertionError("the sandbox could not be destroyed", e);
        } finally {
            client.close();
            listener.close();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
