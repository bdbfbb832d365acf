package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetlinkMessageTest {
    @Test
    void attributesAreReadAsTheyWereWritten() {
        NetlinkMessage message = new NetlinkMessage(1, 0).attribute(1, "name").attribute(2, 42);
        int outer = message.begin(3);
        int inner = message.begin(4);
        message.attribute(5, new byte[] {1, 2, 3}).attribute(6, new byte[600]);
        message.end(inner).end(outer);

        ByteBuffer finished = message.finish(9);
        NetlinkAttributes attributes = NetlinkAttributes.parse(finished.position(16));

        assertThat(finished.getInt(0)).isEqualTo(finished.limit());
        assertThat(finished.getInt(8)).isEqualTo(9);
        assertThat(attributes.text(1)).isEqualTo("name");
        assertThat(attributes.number(2)).hasValue(42);
        NetlinkAttributes deep = attributes.nested(3).nested(4);
        assertThat(deep.bytes(5)).contains(new byte[] {1, 2, 3});
        assertThat(deep.bytes(6).orElseThrow()).hasSize(600);
        assertThat(deep.number(5)).isEmpty();
        assertThat(deep.text(7)).isEmpty();
    }

    @Test
    void messagesDoNotGrowWithoutLimit() {
        NetlinkMessage message = new NetlinkMessage(1, 0);

        assertThatThrownBy(() -> message.attribute(1, new byte[40_000]))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EMSGSIZE));
    }

    @Test
    void damagedAnswersGiveAValueOrARefusalAndNothingElse() {
        List<Consumer<ByteBuffer>> parsers =
                List.of(Links::parse, Addresses::parse, Routes::parse, Neighbours::parse);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            for (int at = 0; at + 4 <= bytes.length; at += 4) {
                // Lengths and types that have a chance to be taken.
                if (random.nextBoolean()) {
                    bytes[at] = (byte) random.nextInt(24);
                    bytes[at + 1] = 0;
                    bytes[at + 2] = (byte) random.nextInt(20);
                    bytes[at + 3] = 0;
                }
            }
            for (Consumer<ByteBuffer> parser : parsers) {
                try {
                    parser.accept(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
                } catch (LinuxException refusal) {
                    assertThat(refusal.errno())
                            .as("seed " + seed)
                            .isIn(Errno.EBADMSG, Errno.EINVAL);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "10.0.0.1/33",
                "::1/129",
                "10.0.0.1/-1",
                "10.0.0.1/x",
                "localhost",
                "/8"
            })
    void otherTextIsNoNetwork(String text) {
        assertThatThrownBy(() -> IpPrefix.parse(text)).isInstanceOf(LinuxException.class);
    }

    @Test
    void networksAreWrittenAsTheyAreRead() {
        assertThat(IpPrefix.parse("10.0.0.1/8")).hasToString("10.0.0.1/8");
        assertThat(IpPrefix.parse("10.0.0.1")).hasToString("10.0.0.1/32");
        assertThat(IpPrefix.parse("::1").length()).isEqualTo(128);
        assertThat(IpPrefix.everything(IpPrefix.AF_INET6)).isEqualTo(IpPrefix.parse("::/0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02:00:ca:fe:00:0", "g2:00", "02-00"})
    void otherTextIsNoHardwareAddress(String text) {
        assertThatThrownBy(() -> HardwareAddress.parse(text)).isInstanceOf(LinuxException.class);
    }

    @Test
    void hardwareAddressesAreEqualByTheirBytes() {
        HardwareAddress address = HardwareAddress.parse("02:00:CA:fe:00:01");

        assertThat(address).hasToString("02:00:ca:fe:00:01");
        assertThat(address).isEqualTo(HardwareAddress.of(address.bytes()));
        assertThat(address).hasSameHashCodeAs(HardwareAddress.of(address.bytes()));
        assertThatThrownBy(() -> HardwareAddress.of(new byte[33]))
                .isInstanceOf(LinuxException.class);
    }
}
