package dev.kumite.vsockdevice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.linux.UnixSocket;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Credit and the buffer of a connection. Source: virtio 1.2, 5.10.6.3. */
final class ConnectionTest {
    private UnixSocket.Pair sockets;
    private VsockDevice device;
    private Connection connection;

    @BeforeEach
    void open() {
        sockets = UnixSocket.pair();
        device = new VsockDevice(3, new Threads(_ -> {}), VsockDevice.Limits.USUAL);
        connection = new Connection(device, sockets.first(), 1, 2);
    }

    @AfterEach
    void close() {
        device.close();
        sockets.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,0,0",
        "100,0,0,100",
        "100,30,0,70",
        "100,30,30,100",
        "100,130,0,-30",
        "-1,0,0,4294967295", // all that a number can say
        "100,-10,-20,90", // the counts are about to wrap
        "100,5,-5,90", // one of them has wrapped
        "100,0,1,-4294967195" // the guest says that it got more than was sent
    })
    void creditIsCountedModulo32Bits(int space, int sent, int forwarded, long credit) {
        connection.setCredit(space, forwarded);
        connection.sent(sent);

        assertThat(connection.credit()).isEqualTo(credit);
    }

    @Test
    void theBufferGivesWhatItTookInOrder() {
        Random random = new Random(1);
        int in = 0;
        int out = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(50_000)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = (byte) ((in + j) % 251);
            }
            if (connection.deliver(ByteBuffer.wrap(bytes))) {
                in += bytes.length;
            }
            if (random.nextBoolean() && connection.hasDelivery()) {
                ByteBuffer taken = connection.takeDelivery();
                int count = taken.remaining();
                while (taken.hasRemaining()) {
                    assertThat(taken.get()).isEqualTo((byte) (out++ % 251));
                }
                boolean _ = connection.forwarded(count);
            }
            assertThat(in - out).isBetween(0, Connection.BUFFER_BYTES);
        }
        assertThat(out).isGreaterThan(10 * Connection.BUFFER_BYTES);
    }

    @Test
    void theBufferTakesNoMoreThanWasAnnounced() {
        assertThat(connection.deliver(ByteBuffer.allocate(Connection.BUFFER_BYTES))).isTrue();
        assertThat(connection.deliver(ByteBuffer.allocate(1))).isFalse();
        assertThat(connection.deliver(ByteBuffer.allocate(0))).isTrue();

        int count = connection.takeDelivery().remaining();
        assertThat(connection.deliver(ByteBuffer.allocate(1))).isFalse(); // not with the client yet

        boolean _ = connection.forwarded(count);
        assertThat(connection.deliver(ByteBuffer.allocate(count))).isTrue();
        assertThat(connection.deliver(ByteBuffer.allocate(1))).isFalse();
    }

    @Test
    void theGuestIsToldOfAQuarterOfTheBuffer() {
        int quarter = Connection.BUFFER_BYTES / 4;

        assertThat(connection.forwarded(quarter - 1)).isFalse();
        assertThat(connection.forwarded(1)).isTrue();
        assertThat(connection.announceForwarded()).isEqualTo(quarter);
        assertThat(connection.forwarded(1)).isFalse();
        assertThat(connection.forwarded(quarter - 1)).isTrue();
    }
}
