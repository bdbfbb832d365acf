package dev.kumite.agentprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import dev.kumite.agentprotocol.messages.CheckRequest;
import dev.kumite.agentprotocol.messages.CreateContainerRequest;
import dev.kumite.agentprotocol.messages.FSGroup;
import dev.kumite.agentprotocol.messages.HealthCheckResponse;
import dev.kumite.agentprotocol.messages.LinuxSyscall;
import dev.kumite.agentprotocol.messages.MemAgentMemcgConfig;
import dev.kumite.agentprotocol.messages.Process;
import dev.kumite.agentprotocol.messages.ReadStreamRequest;
import dev.kumite.agentprotocol.messages.ReseedRandomDevRequest;
import dev.kumite.agentprotocol.messages.Spec;
import dev.kumite.agentprotocol.messages.Storage;
import dev.kumite.agentprotocol.messages.VersionCheckResponse;
import dev.kumite.agentprotocol.messages.WaitProcessRequest;
import dev.kumite.agentprotocol.messages.WaitProcessResponse;
import dev.kumite.ttrpc.CallContext;
import dev.kumite.ttrpc.StatusCode;
import dev.kumite.ttrpc.TtrpcClient;
import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.ttrpc.TtrpcServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Client and service over a Unix socket. */
@Timeout(60)
class AgentProtocolTest {

    private static final HealthService HEALTH =
            (request, _) ->
                    VersionCheckResponse.newBuilder().setAgentVersion(request.getService()).build();

    private SocketChannel near;
    private SocketChannel far;

    @BeforeEach
    void connect(@TempDir Path directory) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (ServerSocketChannel listening =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(address);
            near = SocketChannel.open(address);
            far = listening.accept();
        }
    }

    @AfterEach
    void hangUp() throws IOException {
        near.close();
        far.close();
    }

    @Test
    void everyCallArrivesAtTheMethodOfItsName() throws Throwable {
        List<String> arrived = new CopyOnWriteArrayList<>();
        AgentService service =
                (AgentService)
                        Proxy.newProxyInstance(
                                AgentService.class.getClassLoader(),
                                new Class<?>[] {AgentService.class},
                                (_, method, _) -> {
                                    arrived.add(method.getName());
                                    return instance(method.getReturnType());
                                });
        List<String> calls = calls();
        serve(AgentBinding.bind(TtrpcServer.create(), service, HEALTH));
        try (AgentClient client = client()) {
            for (String call : calls) {
                assertThat(call(client, call)).isInstanceOf(MessageLite.class);
            }
        }

        assertThat(calls).hasSize(42);
        assertThat(arrived).isEqualTo(calls);
    }

    @Test
    void whatAnAgentLeavesOutIsUnimplemented() {
        serve(AgentBinding.bind(TtrpcServer.create(), new AgentService() {}, HEALTH));
        try (AgentClient client = client()) {
            for (String call : calls()) {
                TtrpcException failure =
                        catchThrowableOfType(TtrpcException.class, () -> call(client, call));

                assertThat(failure.status()).as(call).isEqualTo(StatusCode.UNIMPLEMENTED);
                assertThat(failure).hasMessageContaining("in \"grpc.AgentService\"");
            }
            assertThat(
                            catchThrowableOfType(
                                            TtrpcException.class,
                                            () ->
                                                    client.callWithin(
                                                            AgentClient.PLAIN_TIMEOUT,
                                                            "Nothing",
                                                            Empty.getDefaultInstance(),
                                                            Empty.parser()))
                                    .status())
                    .isEqualTo(StatusCode.UNIMPLEMENTED);
        }
    }

    @Test
    void theAgentSaysThatItIsAliveAndWhichItIs() {
        serve(
                AgentBinding.bind(TtrpcServer.create(), new AgentService() {}, HEALTH)
                        .onSerialLine());
        TtrpcClient line =
                TtrpcClient.open(
                        Channels.newInputStream(near),
                        Channels.newOutputStream(near),
                        near,
                        AgentClient.serialLine(
                                AgentClient.SERIAL_PATIENCE, AgentClient.HEALTH_TIMEOUT));
        try (AgentClient client = AgentClient.over(line)) {
            CheckRequest request = CheckRequest.newBuilder().setService("1.2.3").build();

            assertThat(client.check(request).getStatus())
                    .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
            assertThat(client.version(request).getAgentVersion()).isEqualTo("1.2.3");
        }
    }

    @Test
    void waitingHasNoDeadlineAndEndsWithTheClient() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        serve(
                AgentBinding.bind(
                        TtrpcServer.create(),
                        new AgentService() {
                            @Override
                            public WaitProcessResponse waitProcess(
                                    WaitProcessRequest request, CallContext context) {
                                assertThat(context.remaining()).isEmpty();
                                context.onCancel(cancelled::countDown);
                                waiting.countDown();
                                try {
                                    cancelled.await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                                return WaitProcessResponse.getDefaultInstance();
                            }
                        },
                        HEALTH));
        AgentClient client = client();
        List<TtrpcException> failures = new CopyOnWriteArrayList<>();
        Thread caller =
                Thread.ofVirtual()
                        .start(() ->
                                failures.add(
                                        catchThrowableOfType(
                                                TtrpcException.class,
                                                () ->
                                                        client.waitProcess(
                                                                WaitProcessRequest
                                                                        .getDefaultInstance()))));
        waiting.await();

        client.close();

        assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
        assertThat(failures.getFirst().category()).isEqualTo(TtrpcException.Category.PEER_CLOSED);
        cancelled.await();
    }

    /** Numbers that a reader of the tables could get wrong; the rest count up from 1. */
    @Test
    void numbersAreKatas() {
        assertBytes(
                "120161",
                ReseedRandomDevRequest.newBuilder().setData(ByteString.copyFromUtf8("a")));
        assertBytes(
                "1005" + "1801", FSGroup.newBuilder().setGroupId(5).setGroupChangePolicyValue(1));
        assertBytes("1800", LinuxSyscall.newBuilder().setErrnoret(0));
        assertBytes("0800", MemAgentMemcgConfig.newBuilder().setDisabled(false));
        assertBytes("4001", Storage.newBuilder().setShared(true));
        assertBytes("1820", ReadStreamRequest.newBuilder().setLen(32));
        assertBytes(
                "0a0163" + "3205" + "1203" + "220161",
                CreateContainerRequest.newBuilder()
                        .setContainerId("c")
                        .setOCI(Spec.newBuilder().setProcess(Process.newBuilder().addArgs("a"))));
    }

    private static void assertBytes(String hex, MessageLite.Builder message) {
        assertThat(HexFormat.of().formatHex(message.build().toByteArray())).isEqualTo(hex);
    }

    private AgentClient client() {
        return AgentClient.over(
                TtrpcClient.open(
                        Channels.newInputStream(near), Channels.newOutputStream(near), near));
    }

    private void serve(TtrpcServer server) {
        InputStream in = Channels.newInputStream(far);
        OutputStream out = Channels.newOutputStream(far);
        Closeable end = far;
        Thread.ofVirtual()
                .start(() -> {
                    try (end) {
                        server.serve(in, out);
                    } catch (IOException | TtrpcException e) {
                        // The test has hung up.
                    }
                });
    }

    private static List<String> calls() {
        return Arrays.stream(AgentService.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(Method::getName)
                .sorted()
                .toList();
    }

    private static Object call(AgentClient client, String name) throws Throwable {
        Method method =
                Arrays.stream(AgentClient.class.getDeclaredMethods())
                        .filter(m -> m.getName().equals(name) && m.getParameterCount() == 1)
                        .findFirst()
                        .orElseThrow();
        try {
            return method.invoke(client, instance(method.getParameterTypes()[0]));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object instance(Class<?> message) throws ReflectiveOperationException {
        return message.getMethod("getDefaultInstance").invoke(null);
    }
}
