package dev.kumite.guestimage;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A guest, started by QEMU without hardware virtualization; and one call to its agent. */
final class TestMachine implements AutoCloseable {

    /** Ample: an idle machine answers within three seconds. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process qemu;
    private final SocketChannel port;
    private final Path console;

    private TestMachine(Process qemu, SocketChannel port, Path console) {
        this.qemu = qemu;
        this.port = port;
        this.console = console;
    }

    static TestMachine start(Path guest, Path directory) throws IOException {
        Path socket = directory.resolve("agent.sock");
        Path console = directory.resolve("console.log");
        // QEMU connects to us, so there is no moment at which its socket is not there yet.
        try (var server = java.nio.channels.ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Process qemu =
                    new ProcessBuilder(command(guest, socket, console))
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("qemu.log").toFile())
                            .start();
            return new TestMachine(qemu, server.accept(), console);
        }
    }

    private static List<String> command(Path guest, Path socket, Path console) {
        return List.of(
                "qemu-system-x86_64",
                "-machine",
                "q35,accel=tcg",
                "-cpu",
                "max",
                "-m",
                "512M",
                "-nodefaults",
                "-no-user-config",
                "-no-reboot",
                "-display",
                "none",
                "-serial",
                "file:" + console,
                "-kernel",
                guest.resolve(GuestDirectory.PLAIN_KERNEL).toString(),
                "-initrd",
                guest.resolve(GuestDirectory.INITRD).toString(),
                "-append",
                "console=ttyS0 panic=1 loglevel=4 cryptomgr.notests",
                "-drive",
                "if=none,id=root,format=raw,readonly=on,file=" + guest.resolve(GuestDirectory.ROOT),
                "-device",
                "virtio-blk-pci,drive=root,serial=" + GuestDirectory.ROOT_SERIAL,
                "-device",
                "virtio-serial-pci",
                "-chardev",
                "socket,id=agent,server=off,path=" + socket,
                "-device",
                "virtserialport,chardev=agent,name=dev.kumite.agent.0");
    }

    /** {@return the kind of the answer to the agent's health check; 2 is a ttrpc response} */
    int checkHealth() throws Exception {
        byte[] service = "grpc.Health".getBytes(StandardCharsets.UTF_8);
        byte[] method = "Check".getBytes(StandardCharsets.UTF_8);
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(port));
        out.writeInt(4 + service.length + method.length);
        out.writeInt(1);
        out.writeShort(0x0100);
        out.write(new byte[] {0x0a, (byte) service.length});
        out.write(service);
        out.write(new byte[] {0x12, (byte) method.length});
        out.write(method);
        DataInputStream in = new DataInputStream(Channels.newInputStream(port));
        CompletableFuture<Integer> answer =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        in.readInt();
                        return in.readInt() == 1 ? in.readUnsignedByte() : -1;
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError("no answer; the console says: " + console(), e);
        }
    }

    /** {@return whether QEMU ended by itself} */
    boolean awaitEnd() throws InterruptedException {
        return qemu.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    String console() throws IOException {
        return Files.readString(console, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        qemu.destroyForcibly();
        qemu.onExit().join();
        port.close();
    }
}
