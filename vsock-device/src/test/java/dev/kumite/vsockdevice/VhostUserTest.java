package dev.kumite.vsockdevice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.Pipe;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What QEMU is answered. Source: QEMU, docs/interop, "Vhost-user Protocol". */
@Timeout(120)
final class VhostUserTest {
    private static final int VERSION = 1;

    @TempDir Path directory;

    private Guest guest;

    @BeforeEach
    void open() {
        guest = Guest.without(directory, VsockDevice.Limits.USUAL);
    }

    @AfterEach
    void close() {
        guest.close();
    }

    private void endsBecause(String part) throws InterruptedException {
        assertThat(guest.awaitFault())
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining(part);
    }

    private void post(int request, ByteBuffer content, Fd... files) {
        guest.post(request, VERSION, content.flip(), List.of(files));
    }

    @Test
    void theFeaturesAreThoseOfAModernDeviceWithProtocolFeatures() {
        assertThat(guest.ask(1, Guest.content()).getLong()).isEqualTo(1L << 32 | 1L << 30);
        assertThat(guest.ask(15, Guest.content()).getLong()).isEqualTo(1L << 3 | 1L << 9);
        assertThat(guest.ask(17, Guest.content()).getLong()).isEqualTo(2);
    }

    @Test
    void theConfigurationSpaceIsTheGuestsAddress() {
        ByteBuffer all = guest.ask(24, Guest.content().putInt(0).putInt(8).putInt(0).putLong(-1));

        assertThat(all.remaining()).isEqualTo(20);
        assertThat(all.getInt()).isZero();
        assertThat(all.getInt()).isEqualTo(8);
        assertThat(all.getInt()).isZero();
        assertThat(all.getLong()).isEqualTo(Guest.CID);
    }

    @Test
    void aPieceOfTheConfigurationSpaceHasNothingBeyondIt() {
        ByteBuffer piece = guest.ask(24, Guest.content().putInt(4).putInt(8).putInt(0).putLong(-1));

        assertThat(piece.getLong(12)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0,9", "-1,8", "0,-1", "2147483647,8"})
    void aPieceThatIsNoneIsRefused(int offset, int size) throws Exception {
        post(24, Guest.content().putInt(offset).putInt(size).putInt(0).putLong(0));

        endsBecause(size + " bytes of configuration at " + offset);
    }

    @Test
    void whatTheDeviceDoesNotDependOnIsTakenWithItsFiles() {
        guest.tell(3, Guest.content());
        guest.tell(4, Guest.content());
        guest.tell(16, Guest.content().putLong(1L << 3 | 1L << 9));
        guest.tell(25, Guest.content());
        try (Pipe pipe = Pipe.open()) {
            guest.tell(14, Guest.content().putLong(0), List.of(pipe.writer()));
            pipe.writer().close();

            // The device has closed its copy, too.
            assertThat(pipe.reader().read(ByteBuffer.allocate(1), Guest.PATIENCE)).isEqualTo(-1);
        }
    }

    @Test
    void theDeviceEndsWithoutFaultWhenQemuCloses() throws Exception {
        guest.boot();
        guest.disconnect();

        assertThat(guest.hasFault()).isFalse();
    }

    @Test
    void aMessageThatEndsInItsMiddleIsAFault() throws Exception {
        guest.postPart(new byte[] {1, 0, 0, 0, 1, 0});
        guest.closeSocket();

        endsBecause("in the middle of a message");
    }

    @Test
    void aMessageThatComesInPiecesIsAnswered() throws Exception {
        guest.postPart(new byte[] {17, 0, 0, 0, 1, 0, 0});
        guest.postPart(new byte[] {0, 0, 0, 0, 0});

        assertThat(guest.reply(17).getLong()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6, 7, 23, 99, -1})
    void aRequestThatIsNotKnownIsAFault(int request) throws Exception {
        post(request, Guest.content());

        endsBecause("request " + request + " of vhost-user");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3})
    void anotherVersionIsAFault(int version) throws Exception {
        guest.post(1, version, Guest.content().flip(), List.of());

        endsBecause("request 1 of vhost-user");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4097, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aLengthThatNoMessageHasIsAFaultBeforeItIsRead(int length) throws Exception {
        guest.postPart(Guest.content().putInt(1).putInt(VERSION).putInt(length).array());

        endsBecause("with " + length + " bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 8, 9, 10, 11, 12, 13, 18, 24})
    void aRequestThatIsTooShortIsAFault(int request) throws Exception {
        post(request, Guest.content().putShort((short) 0));

        assertThat(guest.awaitFault()).isInstanceOf(DeviceException.class);
    }

    @Test
    void addressesThatAreNotThereAreAFault() throws Exception {
        post(9, Guest.content().putInt(0).putInt(0).putLong(0));

        endsBecause("addresses of a queue");
    }

    @ParameterizedTest
    @CsvSource({"8,2", "9,2", "10,-1", "11,2", "18,2"})
    void aQueueThatIsNotThereIsAFault(int request, int index) throws Exception {
        post(request, Guest.content().putInt(index).putInt(1).putLong(0).putLong(0).putLong(0));

        endsBecause("queue " + index + " of 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 13})
    void aDescriptorForAQueueThatIsNotThereIsAFaultAndClosed(int request) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            post(request, Guest.content().putLong(7), pipe.writer());
            pipe.writer().close();

            endsBecause("queue 7 of 2");
            assertThat(pipe.reader().read(ByteBuffer.allocate(1), Guest.PATIENCE)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 100, 2048, 65536, Integer.MIN_VALUE})
    void aQueueOfANumberOfEntriesThatIsNoneIsAFault(int entries) throws Exception {
        post(8, Guest.content().putInt(0).putInt(entries));

        endsBecause("a queue of " + entries + " entries");
    }

    @Test
    void aQueueThatIsToBePolledIsAFault() throws Exception {
        post(12, Guest.content().putLong(1 << 8));

        endsBecause("nobody tells of");
    }

    @Test
    void aGuestThatLooksByItselfNeedsNoCall() {
        guest.start();
        guest.tell(13, Guest.content().putLong(1 << 8));
        guest.tell(13, Guest.content().putLong(1 | 1 << 8));
        guest.offerBuffers(Guest.ENTRIES);
        guest.send(Guest.packet(1, 2, Packet.Operation.REQUEST));

        guest.receive(Packet.Operation.RST);
    }

    @Test
    void aNewDescriptorForKicksReplacesTheOneBefore() {
        guest.boot();
        try (Pipe before = guest.transmitQueue().kickPipe()) {
            guest.transmitQueue().renewKick();
            guest.tell(
                    12,
                    Guest.content().putLong(1),
                    List.of(guest.transmitQueue().kickPipe().reader()));
            guest.send(Guest.packet(1, 2, Packet.Operation.REQUEST));

            guest.receive(Packet.Operation.RST);
            assertThat(before.reader().isClosed()).isFalse();
        }
    }

    @Test
    void aQueueGoesOnWhereItsMemorySaysInWhateverOrderItIsTold() {
        guest.startAt(7);
        guest.offerBuffers(Guest.ENTRIES);
        int receiveBase = guest.stopQueue(0);
        guest.tellAddresses(0, guest.receiveQueue());
        guest.tell(10, Guest.content().putInt(0).putInt(receiveBase));
        guest.tell(8, Guest.content().putInt(0).putInt(Guest.ENTRIES));
        guest.receiveQueue().renewKick();
        guest.tell(
                12, Guest.content().putLong(0), List.of(guest.receiveQueue().kickPipe().reader()));
        guest.send(Guest.packet(1, 2, Packet.Operation.REQUEST));

        guest.receive(Packet.Operation.RST);
    }

    @Test
    void indexesWrapAround() {
        guest.startAt(0xfff0);
        guest.offerBuffers(Guest.ENTRIES);
        for (int i = 0; i < 3 * Guest.ENTRIES; i++) {
            guest.send(Guest.packet(1, i, Packet.Operation.REQUEST));

            assertThat(guest.receive(Packet.Operation.RST).packet().destinationPort()).isEqualTo(i);
        }
        assertThat(guest.stopQueue(1)).isEqualTo(0xfff0 + 3 * Guest.ENTRIES - 0x10000);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "2,1", "-1,0", "9,8", "2147483647,1"})
    void aTableThatDoesNotFitItsFilesIsAFault(int count, int files) throws Exception {
        ByteBuffer table = Guest.content().putInt(count).putInt(0);
        for (int i = 0; i < files; i++) {
            table.putLong(0).putLong(4096).putLong(0).putLong(0);
        }
        Fd[] all = new Fd[files];
        Arrays.fill(all, guest.file());
        post(5, table, all);

        endsBecause("a table of " + count + " memory regions with " + files + " files");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-4096,0",
        "4096,-4096",
        "4198400,0",
        "4096,4194304",
        "9223372036854775807,4096",
        "-9223372036854775808,0",
        "4096,9223372036854775807"
    })
    void aRegionThatIsNotInItsFileIsAFault(long size, long offset) throws Exception {
        ByteBuffer table = Guest.content().putInt(1).putInt(0);
        table.putLong(0).putLong(size).putLong(0).putLong(offset);
        post(5, table, guest.file());

        endsBecause(size + " bytes at " + offset + " of a file");
    }

    @Test
    void memoryThatIsNoFileIsAFault() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            ByteBuffer table = Guest.content().putInt(1).putInt(0);
            table.putLong(0).putLong(4096).putLong(0).putLong(0);
            post(5, table, pipe.reader());

            endsBecause("the guest's memory cannot be mapped");
        }
    }

    @Test
    void moreFilesThanAMessageHasAreAFault() throws Exception {
        Fd[] files = new Fd[9];
        Arrays.fill(files, guest.file());
        post(5, Guest.content(), files);

        assertThat(guest.awaitFault()).isInstanceOf(LinuxException.class);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {0, Guest.USER_BASE - 1, Guest.USER_BASE + Guest.MEMORY_BYTES - 1, -1, -4096})
    void aQueueOutsideTheMemoryIsAFault(long address) throws Exception {
        guest.tellMemory(
                List.of(guest.file()),
                Guest.region(Guest.GUEST_BASE, Guest.USER_BASE, Guest.MEMORY_BYTES, 0));
        guest.tell(8, Guest.content().putInt(0).putInt(16));
        for (int part = 0; part < 3; part++) {
            ByteBuffer content = Guest.content().putInt(0).putInt(0);
            for (int i = 0; i < 3; i++) {
                content.putLong(i == part ? address : Guest.USER_BASE);
            }
            if (part == 2) {
                post(9, content);
            }
        }

        endsBecause("are not the guest's memory");
    }

    @Test
    void aMemoryTableWithoutTheQueuesIsAFault() throws Exception {
        guest.boot();
        ByteBuffer table = Guest.content().putInt(1).putInt(0);
        table.putLong(0).putLong(4096).putLong(0).putLong(0);
        post(5, table, guest.file());

        endsBecause("are not the guest's memory");
    }
}
