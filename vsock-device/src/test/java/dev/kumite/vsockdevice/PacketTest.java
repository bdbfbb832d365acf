package dev.kumite.vsockdevice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PacketTest {

    @Test
    void isWrittenAsTheSpecificationHasIt() {
        Packet packet = new Packet(2, 3, 0x400, 0x500, 0, 1, 4, 3, 0x40000, 0x10);

        assertThat(HexFormat.of().formatHex(packet.write().array()))
                .isEqualTo(
                        "0200000000000000"
                                + "0300000000000000"
                                + "00040000"
                                + "00050000"
                                + "00000000"
                                + "0100"
                                + "0400"
                                + "03000000"
                                + "00000400"
                                + "10000000");
    }

    @Test
    void whatIsWrittenCanBeRead() {
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            Packet packet =
                    new Packet(
                            random.nextLong(),
                            random.nextLong(),
                            random.nextInt(),
                            random.nextInt(),
                            random.nextInt(100),
                            (short) random.nextInt(),
                            (short) random.nextInt(),
                            random.nextInt(),
                            random.nextInt(),
                            random.nextInt());

            assertThat(Packet.read(packet.write().flip().order(ByteOrder.LITTLE_ENDIAN)))
                    .isEqualTo(packet);
            assertThat(packet.write().remaining()).isEqualTo(packet.length());
        }
    }

    @Test
    void anOperationHasItsNumber() {
        for (Packet.Operation operation : Packet.Operation.values()) {
            assertThat(Packet.Operation.of(operation.number())).isEqualTo(operation);
        }
        for (int number : new int[] {-1, 0, 8, 0x10001}) {
            assertThat(Packet.Operation.of(number)).isNull();
        }
    }
}
