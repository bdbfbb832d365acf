package dev.kumite.vsockdevice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumite.linux.Fd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GuestMemoryTest {
    private static final long GUEST = 0xffff_ffff_0000_0000L;
    private static final long USER = 0x7fff_0000_0000L;
    private static final int BYTES = 8192;

    private static GuestMemory map(Fd file) {
        ByteBuffer table = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        table.putInt(1).putInt(0).putLong(GUEST).putLong(BYTES).putLong(USER).putLong(4096);
        return GuestMemory.map(table.flip(), List.of(file));
    }

    private static Fd file() {
        Fd file = Fd.memory("guest");
        file.truncate(4096 + BYTES);
        return file;
    }

    @Test
    void isTheSameByBothAddressesAndStaysWhenTheFileIsClosed() {
        GuestMemory memory;
        try (Fd file = file()) {
            memory = map(file);
        }
        try (memory) {
            memory.at(GUEST + 5, 4).putInt(0, 0x01020304);

            assertThat(memory.atUser(USER + 5, 4).getInt(0)).isEqualTo(0x01020304);
            assertThat(memory.atUser(USER + 5, 1).get(0)).isEqualTo((byte) 4);
        }
    }

    @Test
    void endsWhereItsRegionEnds() {
        try (Fd file = file();
                GuestMemory memory = map(file)) {
            assertThat(memory.at(GUEST, BYTES).remaining()).isEqualTo(BYTES);
            assertThat(memory.at(GUEST + BYTES - 1, 1).remaining()).isEqualTo(1);
            assertThat(memory.at(GUEST + BYTES, 0).remaining()).isZero();
            for (long address : new long[] {GUEST - 1, GUEST + BYTES, 0, -1, Long.MAX_VALUE}) {
                assertThatThrownBy(() -> memory.at(address, 1))
                        .isInstanceOf(DeviceException.class)
                        .hasMessage(
                                "1 bytes at 0x"
                                        + Long.toHexString(address)
                                        + " are not the guest's memory");
            }
            assertThatThrownBy(() -> memory.at(GUEST + 1, BYTES))
                    .isInstanceOf(DeviceException.class);
            assertThatThrownBy(() -> memory.at(USER, 1)).isInstanceOf(DeviceException.class);
            assertThatThrownBy(() -> memory.atUser(GUEST, 1)).isInstanceOf(DeviceException.class);
        }
    }

    @Test
    void cannotBeReachedAfterItWasClosed() {
        try (Fd file = file()) {
            GuestMemory memory = map(file);
            ByteBuffer bytes = memory.at(GUEST, 8);
            memory.close();

            assertThatThrownBy(() -> bytes.get(0)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void nobodyHasAnyMemoryInNone() {
        try (GuestMemory none = GuestMemory.none()) {
            assertThatThrownBy(() -> none.at(0, 0)).isInstanceOf(DeviceException.class);
        }
    }
}
