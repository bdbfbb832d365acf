package dev.kumite.vsockdevice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.linux.HybridVsock;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class MainTest {
    @TempDir Path directory;

    private String[] arguments() {
        return new String[] {
            Main.GUEST_CID + 42,
            Main.SOCKET + directory.resolve("machine"),
            Main.UDS_PATH + directory.resolve("clients")
        };
    }

    private static UnixSocket connect(Path path) throws InterruptedException {
        Guest.eventually(path + " is there", () -> Files.exists(path));
        long deadline = System.nanoTime() + Guest.PATIENCE.toNanos();
        while (true) {
            try {
                return UnixSocket.connect(path, Guest.PATIENCE);
            } catch (LinuxException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(2); // it is not listened on yet
            }
        }
    }

    private static int ask(UnixSocket qemu, int request) {
        ByteBuffer message = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        message.putInt(request).putInt(1).putInt(0).flip();
        qemu.fd().write(message);
        ByteBuffer reply = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        while (reply.hasRemaining()) {
            assertThat(qemu.fd().read(reply, Guest.PATIENCE)).isPositive();
        }
        return reply.getInt(12);
    }

    @Test
    void servesAMachineUntilItIsGone() throws Exception {
        CompletableFuture<Integer> result =
                CompletableFuture.supplyAsync(() -> Main.run(arguments()));
        try (UnixSocket qemu = connect(directory.resolve("machine"))) {
            assertThat(ask(qemu, 17)).isEqualTo(2);
            Assertions.assertThatThrownBy(() ->
                            HybridVsock.connect(directory.resolve("clients"), 1, Guest.PATIENCE))
                    .isInstanceOf(LinuxException.class);
        }

        assertThat(result.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void failsWhenTheMachineDoesWhatItMustNot() throws Exception {
        CompletableFuture<Integer> result =
                CompletableFuture.supplyAsync(() -> Main.run(arguments()));
        try (UnixSocket qemu = connect(directory.resolve("machine"))) {
            qemu.fd().write(ByteBuffer.wrap(new byte[12]));

            assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void failsWhenASocketIsThereAlready() throws Exception {
        Files.createFile(directory.resolve("clients"));

        assertThat(Main.run(arguments())).isEqualTo(1);
    }

    @Test
    void refusesArgumentsThatAreNotItsOwn() {
        assertThat(Main.run(new String[0])).isEqualTo(2);
        assertThat(Main.run(new String[] {"--guest-cid=3", "--socket=/a"})).isEqualTo(2);
        assertThat(
                        Main.run(
                                new String[] {
                                    "--guest-cid=3", "--socket=/a", "--uds-path=/b", "--more"
                                }))
                .isEqualTo(2);
        assertThat(Main.run(new String[] {"--guest-cid=x", "--socket=/a", "--uds-path=/b"}))
                .isEqualTo(2);
    }

    @Test
    void aProcessOfItsOwnEndsWithItsMachine() throws Exception {
        Process process = start();
        try (UnixSocket qemu = connect(directory.resolve("machine"))) {
            assertThat(ask(qemu, 17)).isEqualTo(2);
            assertThat(process.isAlive()).isTrue();
        }
        try {
            assertThat(process.waitFor(Duration.ofSeconds(30))).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Xmx32m");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments()));
        return new ProcessBuilder(command).inheritIO().start();
    }
}
