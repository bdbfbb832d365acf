package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/**
 * What a machine's command line depends on at this host.
 *
 * @param architecture of the CPU
 * @param cpuCount CPUs that this process may use
 * @param memoryMib the host's memory
 * @param kvmOpens whether {@code /dev/kvm} opens for reading and writing
 * @param kvmProblem why not; empty if it does
 * @param cpuVirtualizes whether the CPU shows {@code vmx} or {@code svm}; not looked at on aarch64
 * @param vhostVsock whether {@code /dev/vhost-vsock} opens
 * @param vhostNet whether {@code /dev/vhost-net} opens
 * @param tun whether {@code /dev/net/tun} opens
 * @param hugePagesFree free huge pages
 * @param hugePageSizeKib size of a huge page
 * @param root whether this process is root
 */
public record HostFacts(
        Architecture architecture,
        int cpuCount,
        long memoryMib,
        boolean kvmOpens,
        String kvmProblem,
        boolean cpuVirtualizes,
        boolean vhostVsock,
        boolean vhostNet,
        boolean tun,
        long hugePagesFree,
        long hugePageSizeKib,
        boolean root) {

    /** Kinds of CPUs. */
    public enum Architecture {
        /** AMD and Intel, 64 bits. */
        X86_64,
        /** ARM, 64 bits. */
        AARCH64
    }

    public HostFacts {
        requireNonNull(architecture, "architecture is null");
        requireNonNull(kvmProblem, "kvmProblem is null");
    }

    /** {@return what is so on this host, now} */
    public static HostFacts probe() {
        Architecture architecture =
                switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
                    case "aarch64", "arm64" -> Architecture.AARCH64;
                    default -> Architecture.X86_64;
                };
        String kvm = problemOfOpening(Path.of("/dev/kvm"));
        List<String> memory = lines(Path.of("/proc/meminfo"));
        return new HostFacts(
                architecture,
                Runtime.getRuntime().availableProcessors(),
                MemInfo.number(memory, "MemTotal:", 0) / 1024,
                kvm.isEmpty(),
                kvm,
                virtualizes(lines(Path.of("/proc/cpuinfo"))),
                problemOfOpening(Path.of("/dev/vhost-vsock")).isEmpty(),
                problemOfOpening(Path.of("/dev/vhost-net")).isEmpty(),
                problemOfOpening(Path.of("/dev/net/tun")).isEmpty(),
                MemInfo.number(memory, "HugePages_Free:", 0),
                MemInfo.number(memory, "Hugepagesize:", 0),
                effectiveUser(lines(Path.of("/proc/self/status"))) == 0);
    }

    /** {@return why the device does not open for reading and writing; empty if it does} */
    static String problemOfOpening(Path device) {
        try (FileChannel _ =
                FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return "";
        } catch (NoSuchFileException e) {
            return "there is no " + device;
        } catch (AccessDeniedException e) {
            return "permission denied";
        } catch (FileSystemException e) {
            return e.getReason() == null ? "it cannot be opened" : e.getReason();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** {@return whether the first CPU of {@code /proc/cpuinfo} has a flag of virtualization} */
    static boolean virtualizes(List<String> cpuinfo) {
        for (String line : cpuinfo) {
            if (line.startsWith("flags")) {
                String padded = line.replace('\t', ' ') + ' ';
                return padded.contains(" vmx ") || padded.contains(" svm ");
            }
        }
        return false;
    }

    private static long effectiveUser(List<String> status) {
        for (String line : status) {
            if (line.startsWith("Uid:")) {
                String[] ids = line.substring(4).strip().split("\\s+", 3);
                return ids.length > 1 ? Long.parseLong(ids[1]) : -1;
            }
        }
        return -1;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
