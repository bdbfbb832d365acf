package dev.kumite.shim;

import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixServer;
import dev.kumite.linux.UnixSocket;
import dev.kumite.shim.messages.CreateTaskRequest;
import dev.kumite.shim.messages.CreateTaskResponse;
import dev.kumite.shim.messages.Envelope;
import dev.kumite.shim.messages.ForwardRequest;
import dev.kumite.shim.messages.StartRequest;
import dev.kumite.shim.messages.StartResponse;
import dev.kumite.shim.messages.WaitRequest;
import dev.kumite.shim.messages.WaitResponse;
import dev.kumite.ttrpc.TtrpcClient;
import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.ttrpc.TtrpcServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A shim with a containerd of a test's own on both sides: it calls, and takes events. */
final class ShimHarness implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    final Path directory;
    final MemoryMachines machines;
    final BlockingQueue<Envelope> events = new LinkedBlockingQueue<>();
    final Shim shim;
    private final Optional<UnixServer> receiver;
    private final List<TtrpcClient> clients = new ArrayList<>();

    private ShimHarness(Path directory, MemoryMachines machines) {
        this.directory = directory;
        this.machines = machines;
        this.receiver = Optional.of(receive(directory.resolve("c.ttrpc"), events));
        this.shim = new Shim(directory.resolve("k"), machines, Clock.systemUTC());
    }

    static ShimHarness in(Path directory) {
        return in(directory, new MemoryMachines());
    }

    static ShimHarness in(Path directory, MemoryMachines machines) {
        return new ShimHarness(directory, machines);
    }

    /** Takes events as containerd does. */
    static UnixServer receive(Path path, BlockingQueue<Envelope> events) {
        UnixServer server = UnixServer.listen(path, 0600);
        TtrpcServer calls =
                TtrpcServer.create()
                        .with(
                                "containerd.services.events.ttrpc.v1.Events",
                                (method, payload, context) -> {
                                    events.add(ForwardRequest.parseFrom(payload).getEnvelope());
                                    return Empty.getDefaultInstance();
                                });
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        Optional<UnixSocket> socket = server.accept(PATIENCE);
                        while (socket.isPresent()) {
                            UnixSocket one = socket.get();
                            Thread.ofVirtual().start(() -> serve(calls, one));
                            socket = server.accept(PATIENCE);
                        }
                    } catch (LinuxException closed) {
                        return;
                    }
                });
        return server;
    }

    private static void serve(TtrpcServer calls, UnixSocket socket) {
        try (socket) {
            calls.serve(socket.inputStream(), socket.outputStream());
        } catch (TtrpcException closed) {
            return;
        }
    }

    ShimCall call(String id) {
        return ShimCall.parse(
                List.of("-namespace", "ns", "-address", directory + "/c", "-id", id, "start"));
    }

    Path bundle(String id, String... args) throws IOException {
        Path bundle = Files.createDirectories(directory.resolve("bundle-" + id));
        Files.writeString(
                bundle.resolve("config.json"),
                """
                {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
                 "process": {"args": ["%s"], "cwd": "/", "user": {"uid": 0, "gid": 0}},
                 "linux": {"namespaces": [{"type": "network"}]}}
                """
                        .formatted(String.join("\", \"", args)));
        return bundle;
    }

    /** {@return a connection, as containerd has one for each task} */
    TtrpcClient connect(String id, Path bundle) {
        String address =
                shim.start(
                        call(id),
                        bundle,
                        name ->
                                Optional.ofNullable(
                                        Map.of("TTRPC_ADDRESS", directory + "/c.ttrpc").get(name)));
        return connect(address);
    }

    TtrpcClient connect(String address) {
        UnixSocket socket =
                UnixSocket.connect(Path.of(address.substring("unix://".length())), PATIENCE);
        TtrpcClient client =
                TtrpcClient.open(socket.inputStream(), socket.outputStream(), socket::close);
        clients.add(client);
        return client;
    }

    static <T extends MessageLite> T call(
            TtrpcClient client, String method, MessageLite request, Parser<T> answer) {
        return client.call("containerd.task.v2.Task", method, request, answer, PATIENCE);
    }

    static void call(TtrpcClient client, String method, MessageLite request) {
        call(client, method, request, Empty.parser());
    }

    TtrpcClient create(String id, String... args) throws IOException {
        return create(CreateTaskRequest.newBuilder().setId(id), args);
    }

    TtrpcClient create(CreateTaskRequest.Builder request, String... args) throws IOException {
        Path bundle = bundle(request.getId(), args);
        TtrpcClient client = connect(request.getId(), bundle);
        call(
                client,
                "Create",
                request.setBundle(bundle.toString()).build(),
                CreateTaskResponse.parser());
        return client;
    }

    static void start(TtrpcClient client, String id, String execId) {
        call(
                client,
                "Start",
                StartRequest.newBuilder().setId(id).setExecId(execId).build(),
                StartResponse.parser());
    }

    static WaitResponse await(TtrpcClient client, String id, String execId) {
        return call(
                client,
                "Wait",
                WaitRequest.newBuilder().setId(id).setExecId(execId).build(),
                WaitResponse.parser());
    }

    /** {@return the topics of the next events} */
    List<String> topics(int count) throws InterruptedException {
        List<String> topics = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            topics.add(event().getTopic());
        }
        return topics;
    }

    Envelope event() throws InterruptedException {
        Envelope event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no event came in time");
        }
        return event;
    }

    @Override
    public void close() {
        clients.forEach(TtrpcClient::close);
        shim.close();
        receiver.ifPresent(UnixServer::close);
    }
}
