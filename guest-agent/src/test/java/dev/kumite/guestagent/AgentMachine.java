package dev.kumite.guestagent;

import dev.kumite.agentprotocol.AgentClient;
import dev.kumite.agentprotocol.messages.CreateSandboxRequest;
import dev.kumite.agentprotocol.messages.Storage;
import dev.kumite.ttrpc.TtrpcClient;
import java.io.File;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A virtual machine with the agent, without an engine: QEMU as it comes, a directory over
 * virtio-fs.
 */
final class AgentMachine implements AutoCloseable {

    private static final String SHARED = "/run/kata-containers/shared/containers";

    /** Until QEMU listens. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Until the guest answers; emulated and on a busy machine. */
    private static final Duration BOOT = Duration.ofMinutes(2);

    /** For measurements; for example an instruction counter as the guest's clock. */
    private static final List<String> MORE_OPTIONS =
            List.of(System.getProperty("kumite.qemu", "").split(" +")).stream()
                    .filter(word -> !word.isEmpty())
                    .toList();

    final Path directory;
    final Path share;
    private final java.lang.Process qemu;
    private final java.lang.Process virtiofsd;

    private AgentMachine(Path directory, java.lang.Process qemu, java.lang.Process virtiofsd) {
        this.virtiofsd = virtiofsd;
        this.directory = directory;
        this.share = directory.resolve("share");
        this.qemu = qemu;
    }

    static AgentMachine start(Path guest) throws IOException {
        Path directory = Files.createTempDirectory("kumite-agent-vm");
        Files.createDirectories(directory.resolve("share"));
        List<String> line = new ArrayList<>();
        add(
                line,
                "qemu-system-x86_64 -M q35,smbus=off,sata=off,acpi=on -accel tcg -cpu max -m 512M");
        add(
                line,
                "-nodefaults -display none -no-reboot -serial file:" + directory + "/console.log");
        add(
                line,
                "-kernel " + guest.resolve("vmlinux") + " -initrd " + guest.resolve("initrd.img"));
        add(
                line,
                "-drive if=none,id=root,readonly=on,format=raw,file=" + guest.resolve("root.img"));
        add(line, "-device virtio-blk-pci,drive=root,serial=kumite-root");
        add(line, "-device virtio-serial-pci,id=serial0,max_ports=5");
        for (int i = 0; i < 2; i++) {
            add(
                    line,
                    "-chardev socket,id=agent"
                            + i
                            + ",server=on,wait=off,path="
                            + directory
                            + "/agent-"
                            + i
                            + " -device virtserialport,bus=serial0.0,nr="
                            + (i + 1)
                            + ",name=dev.kumite.agent."
                            + i
                            + ",chardev=agent"
                            + i);
        }
        add(line, "-object memory-backend-memfd,id=mem,size=512M,share=on -numa node,memdev=mem");
        add(line, "-chardev socket,id=share,path=" + directory + "/fs.sock");
        add(line, "-device vhost-user-fs-pci,chardev=share,tag=kataShared");
        line.addAll(MORE_OPTIONS);
        line.add("-append");
        line.add(
                "console=ttyS0 quiet panic=1 cryptomgr.notests net.ifnames=0 agent.log=debug"
                        + " no_timer_check tsc=reliable");
        java.lang.Process virtiofsd = virtiofsd(directory);
        java.lang.Process qemu =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(new File(directory.toFile(), "qemu.log"))
                        .start();
        return new AgentMachine(directory, qemu, virtiofsd);
    }

    private static java.lang.Process virtiofsd(Path directory) throws IOException {
        List<String> line = new ArrayList<>();
        add(line, "/usr/lib/qemu/virtiofsd --socket-path=" + directory + "/fs.sock");
        add(line, "-o sandbox=chroot -o cache=auto -o source=" + directory + "/share");
        java.lang.Process process =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(new File(directory.toFile(), "virtiofsd.log"))
                        .start();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(directory.resolve("fs.sock")) && System.nanoTime() < end) {
            LockSupport.parkNanos(2_000_000);
        }
        return process;
    }

    private static void add(List<String> line, String words) {
        line.addAll(List.of(words.split(" ")));
    }

    /** {@return a client on a port; waits until the agent answers} */
    AgentClient connect(int port) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Path socket = directory.resolve("agent-" + port);
        while (true) {
            try {
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                return AgentClient.over(
                        TtrpcClient.open(
                                Channels.newInputStream(channel),
                                Channels.newOutputStream(channel),
                                channel,
                                AgentClient.serialLine(BOOT, BOOT)));
            } catch (IOException e) {
                if (System.nanoTime() > end || !qemu.isAlive()) {
                    throw e;
                }
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    /** {@return what has the agent mount the share where Kata has it} */
    static CreateSandboxRequest sandbox() {
        return CreateSandboxRequest.newBuilder()
                .setSandboxId("sandbox")
                .setHostname("pod")
                .addStorages(
                        Storage.newBuilder()
                                .setDriver("virtio-fs")
                                .setSource("kataShared")
                                .setFstype("virtiofs")
                                .addOptions("nodev")
                                .setMountPoint(SHARED))
                .addStorages(
                        Storage.newBuilder()
                                .setDriver("ephemeral")
                                .setSource("shm")
                                .setFstype("tmpfs")
                                .addOptions("size=67108864")
                                .setMountPoint("/run/kata-containers/sandbox/shm"))
                .build();
    }

    /** {@return where the guest sees what is at this name in the share} */
    static String inGuest(String name) {
        return SHARED + "/" + name;
    }

    /**
     * {@return the processor time that QEMU has used, which other work on this host does not
     * stretch}
     */
    Duration processorTime() {
        return qemu.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    String console() throws IOException {
        return Files.readString(directory.resolve("console.log"));
    }

    @Override
    public void close() throws IOException {
        qemu.destroyForcibly();
        try {
            if (!qemu.waitFor(10, TimeUnit.SECONDS)) {
                throw new IOException("QEMU does not end");
            }
            virtiofsd.destroyForcibly();
            if (!virtiofsd.waitFor(10, TimeUnit.SECONDS)) {
                throw new IOException("virtiofsd does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
