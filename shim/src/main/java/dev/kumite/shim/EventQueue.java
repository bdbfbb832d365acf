package dev.kumite.shim;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixSocket;
import dev.kumite.shim.messages.Envelope;
import dev.kumite.shim.messages.ForwardRequest;
import dev.kumite.ttrpc.TtrpcClient;
import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.ttrpc.TtrpcOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells containerd what happens, in order. Confined to its thread but for {@link #publish}, which
 * never blocks.
 *
 * <p>An event that containerd does not take is tried again for a minute, which is long enough for a
 * restart; then it is dropped, and containerd learns of an exit by waiting for it.
 */
final class EventQueue implements AutoCloseable {

    /** Far more than tasks can make in the minute. */
    private static final int MOST_EVENTS = 10_000;

    private static final String SERVICE = "containerd.services.events.ttrpc.v1.Events";

    /** Source: containerd, runtime/v2/shim/publisher.go. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final String namespace;
    private final Path address;
    private final InstantSource clock;
    private final BlockingQueue<Envelope> events = new ArrayBlockingQueue<>(MOST_EVENTS);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private Optional<TtrpcClient> client = Optional.empty();

    /**
     * @param address the socket where containerd takes events
     */
    EventQueue(String namespace, Path address, InstantSource clock) {
        this.namespace = namespace;
        this.address = address;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("events of " + namespace).start(this::run);
    }

    /**
     * Adds an event.
     *
     * @param topic such as {@code /tasks/start}
     * @param type the message's name
     */
    void publish(String topic, String type, MessageLite event) {
        Envelope envelope =
                Envelope.newBuilder()
                        .setTimestamp(Exit.timestamp(clock.instant()))
                        .setNamespace(namespace)
                        .setTopic(topic)
                        .setEvent(
                                Any.newBuilder()
                                        .setTypeUrl("containerd.events." + type)
                                        .setValue(event.toByteString()))
                        .build();
        if (!events.offer(envelope)) {
            System.err.println("containerd takes no events; dropped " + topic);
        }
    }

    private void run() {
        try {
            while (closed.getCount() > 0) {
                send(events.take());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            client.ifPresent(TtrpcClient::close);
        }
    }

    private void send(Envelope event) throws InterruptedException {
        ForwardRequest request = ForwardRequest.newBuilder().setEnvelope(event).build();
        long end = System.nanoTime() + PATIENCE.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                connected().call(SERVICE, "Forward", request, Empty.parser(), TIMEOUT);
                return;
            } catch (TtrpcException | LinuxException failure) {
                client.ifPresent(TtrpcClient::close);
                client = Optional.empty();
                if (System.nanoTime() > end) {
                    System.err.println("dropped " + event.getTopic() + ": " + failure.getMessage());
                    return;
                }
            }
            if (closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            pause =
                    pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                            ? pause.multipliedBy(2)
                            : LONGEST_PAUSE;
        }
    }

    private TtrpcClient connected() {
        if (client.isEmpty()) {
            UnixSocket socket = UnixSocket.connect(address, TIMEOUT);
            client =
                    Optional.of(
                            TtrpcClient.open(
                                    socket.inputStream(),
                                    socket.outputStream(),
                                    socket::close,
                                    TtrpcOptions.DEFAULT.withMetadata(
                                            Map.of("containerd-namespace-ttrpc", namespace))));
        }
        return client.get();
    }

    /** Ends it; what was not sent yet is dropped. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
