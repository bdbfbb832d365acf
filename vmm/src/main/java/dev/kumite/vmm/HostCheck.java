package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

import dev.kumite.config.AcceleratorChoice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What this host can do for machines, line by line. Each line that is not good says what to do.
 *
 * @param name what is looked at, such as {@code kvm}
 * @param state how it is
 * @param detail in words
 * @param remedy what to do; empty if there is nothing to do
 */
public record HostCheck(String name, State state, String detail, String remedy) {

    /** How a thing is. */
    public enum State {
        /** As it should be. */
        GOOD,
        /** Machines run without it, slower or with less. */
        LIMITED,
        /** Nothing runs without it. */
        MISSING
    }

    /** How long a program may take to tell its version, in seconds. */
    private static final long VERSION_SECONDS = 5;

    private static final int MAX_VERSION_BYTES = 4096;

    /** Least memory of a host that is worth trying, in MiB. Source: assumed: one small machine. */
    private static final long LEAST_MEMORY_MIB = 512;

    public HostCheck {
        requireNonNull(name, "name is null");
        requireNonNull(state, "state is null");
        requireNonNull(detail, "detail is null");
        requireNonNull(remedy, "remedy is null");
    }

    /**
     * {@return all lines, in the order in which to mend}
     *
     * @param host what it is like
     * @param choice the configured accelerator
     * @param qemu QEMU's binary
     * @param virtiofsd the file share's; empty text for none
     * @param kernel the guest's kernel
     * @param guest the guest's initrd or image
     */
    public static List<HostCheck> of(
            HostFacts host,
            AcceleratorChoice choice,
            Path qemu,
            Path virtiofsd,
            Path kernel,
            Path guest) {
        List<HostCheck> lines = new ArrayList<>();
        lines.add(
                program(
                        "qemu",
                        qemu,
                        "install qemu-system-x86 (Debian: apt install qemu-system-x86)"));
        lines.add(accelerator(host, choice));
        lines.add(virtiofsd(virtiofsd));
        lines.add(file("guest kernel", kernel));
        lines.add(file("guest image", guest));
        lines.add(
                host.root()
                        ? good("user", "root")
                        : new HostCheck(
                                "user",
                                State.LIMITED,
                                "not root: no mounts, tap devices or network namespaces of other users",
                                "run as root"));
        lines.add(
                device(
                        "vsock",
                        host.vhostVsock(),
                        "/dev/vhost-vsock",
                        "the agent of a guest of Kata's own is reached through a process more; Kumite's guest needs none",
                        "modprobe vhost_vsock"));
        lines.add(
                device(
                        "vhost-net",
                        host.vhostNet(),
                        "/dev/vhost-net",
                        "QEMU handles network packets itself, which is slower",
                        "modprobe vhost_net"));
        lines.add(
                device(
                        "tun",
                        host.tun(),
                        "/dev/net/tun",
                        "no machine can have a network",
                        "modprobe tun"));
        lines.add(
                host.memoryMib() >= LEAST_MEMORY_MIB
                        ? good("memory", host.memoryMib() + " MiB")
                        : new HostCheck(
                                "memory",
                                State.LIMITED,
                                host.memoryMib() + " MiB",
                                "use a host with at least " + LEAST_MEMORY_MIB + " MiB"));
        lines.add(
                good(
                        "huge pages",
                        host.hugePagesFree()
                                + " free of "
                                + host.hugePageSizeKib()
                                + " KiB (only used with enable_hugepages)"));
        return List.copyOf(lines);
    }

    private static HostCheck good(String name, String detail) {
        return new HostCheck(name, State.GOOD, detail, "");
    }

    private static HostCheck accelerator(HostFacts host, AcceleratorChoice choice) {
        Accelerator.Decision decision = Accelerator.decide(choice, host);
        if (!decision.usable()) {
            return new HostCheck(
                    "accelerator",
                    State.MISSING,
                    decision.reason(),
                    "set accelerator = \"auto\", or make /dev/kvm usable (modprobe kvm_intel or kvm_amd)");
        }
        if (decision.accelerator() == Accelerator.KVM) {
            return good("accelerator", "kvm: " + decision.reason());
        }
        return new HostCheck(
                "accelerator",
                State.LIMITED,
                "tcg: " + decision.reason(),
                choice == AcceleratorChoice.TCG
                        ? "set accelerator = \"auto\" to use KVM where it works"
                        : "use a host whose CPU virtualizes, or a machine with nested virtualization");
    }

    private static HostCheck virtiofsd(Path daemon) {
        if (daemon.toString().isEmpty()) {
            return new HostCheck(
                    "virtiofsd",
                    State.LIMITED,
                    "virtio_fs_daemon is not set",
                    "set it, or shared_fs = \"virtio-9p\"");
        }
        return program(
                "virtiofsd",
                daemon,
                "install virtiofsd (Debian 12: qemu-system-common has /usr/lib/qemu/virtiofsd), or set shared_fs = \"virtio-9p\"");
    }

    private static HostCheck program(String name, Path program, String remedy) {
        if (!Files.isExecutable(program)) {
            return new HostCheck(name, State.MISSING, "there is no program " + program, remedy);
        }
        try {
            Process process =
                    new ProcessBuilder(program.toString(), "--version")
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(VERSION_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new HostCheck(
                        name, State.MISSING, program + " does not tell its version", remedy);
            }
            String version =
                    new String(
                            process.getInputStream().readNBytes(MAX_VERSION_BYTES),
                            StandardCharsets.UTF_8);
            String line = version.lines().findFirst().orElse("");
            return process.exitValue() == 0
                    ? good(name, Printable.text(line) + " (" + program + ")")
                    : new HostCheck(
                            name,
                            State.MISSING,
                            program + " does not start: " + Printable.text(line),
                            remedy);
        } catch (IOException e) {
            return new HostCheck(
                    name, State.MISSING, program + " does not start: " + e.getMessage(), remedy);
        } catch (InterruptedException e) {
            throw VmmException.interrupted("asking " + program + " for its version");
        }
    }

    private static HostCheck file(String name, Path file) {
        return Files.isReadable(file)
                ? good(name, file.toString())
                : new HostCheck(
                        name,
                        State.MISSING,
                        "there is no readable file " + file,
                        "run: kumite guest build");
    }

    private static HostCheck device(
            String name, boolean opens, String path, String without, String remedy) {
        return opens
                ? good(name, path + " opens")
                : new HostCheck(name, State.LIMITED, path + " does not open: " + without, remedy);
    }
}
