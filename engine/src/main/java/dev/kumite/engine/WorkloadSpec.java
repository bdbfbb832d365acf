package dev.kumite.engine;

import dev.kumite.oci.Capabilities;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Mount;
import dev.kumite.oci.Namespace;
import dev.kumite.oci.Process;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Root;
import dev.kumite.oci.Spec;
import dev.kumite.oci.Uint64;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The OCI specification of a {@link Workload}.
 *
 * <p>Source: what {@code runc spec} of runc 1.1 prints.
 */
final class WorkloadSpec {

    /** Version of the specification that is written. */
    static final String OCI_VERSION = "1.0.2";

    private static final String PATH =
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final Uint64 OPEN_FILES = Uint64.of(1024);

    /** Length of the period that CPU time is counted in, in microseconds. */
    private static final long CPU_PERIOD = 100_000;

    private static final List<String> CAPABILITIES =
            List.of("CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE");

    private static final List<String> MASKED =
            List.of(
                    "/proc/acpi",
                    "/proc/asound",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/timer_list",
                    "/proc/timer_stats",
                    "/proc/sched_debug",
                    "/sys/firmware",
                    "/proc/scsi");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final List<Mount> MOUNTS =
            List.of(
                    Mount.of("/proc", "proc", "proc", List.of()),
                    Mount.of(
                            "/dev",
                            "tmpfs",
                            "tmpfs",
                            List.of("nosuid", "strictatime", "mode=755", "size=65536k")),
                    Mount.of(
                            "/dev/pts",
                            "devpts",
                            "devpts",
                            List.of(
                                    "nosuid",
                                    "noexec",
                                    "newinstance",
                                    "ptmxmode=0666",
                                    "mode=0620",
                                    "gid=5")),
                    Mount.of(
                            "/dev/shm",
                            "tmpfs",
                            "shm",
                            List.of("nosuid", "noexec", "nodev", "mode=1777", "size=65536k")),
                    Mount.of(
                            "/dev/mqueue",
                            "mqueue",
                            "mqueue",
                            List.of("nosuid", "noexec", "nodev")),
                    Mount.of("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", "ro")),
                    Mount.of(
                            "/sys/fs/cgroup",
                            "cgroup",
                            "cgroup",
                            List.of("nosuid", "noexec", "nodev", "relatime", "ro")));

    private WorkloadSpec() {}

    static Spec of(Workload.Builder parts, Path rootfs) {
        List<Mount> mounts = new ArrayList<>(MOUNTS);
        mounts.addAll(parts.mounts);
        return new Spec(
                OCI_VERSION,
                Optional.of(process(parts)),
                Optional.of(new Root(rootfs.toString(), parts.readOnlyRoot)),
                parts.hostname,
                "",
                mounts,
                Optional.empty(),
                parts.annotations,
                Optional.of(linux(parts)),
                Optional.empty());
    }

    private static Process process(Workload.Builder parts) {
        Process empty = Process.empty();
        return new Process(
                parts.terminal,
                Optional.empty(),
                parts.user,
                parts.command,
                "",
                Environment.merge(List.of(PATH), parts.env),
                parts.cwd,
                Optional.of(
                        new Capabilities(
                                CAPABILITIES, CAPABILITIES, List.of(), CAPABILITIES, List.of())),
                List.of(new Process.Rlimit("RLIMIT_NOFILE", OPEN_FILES, OPEN_FILES)),
                true,
                "",
                empty.oomScoreAdj(),
                empty.scheduler(),
                "",
                empty.ioPriority(),
                empty.execCPUAffinity());
    }

    private static Linux linux(Workload.Builder parts) {
        return new Linux(
                List.of(),
                List.of(),
                Map.of(),
                Optional.of(resources(parts)),
                "",
                namespaces(parts.network),
                List.of(),
                Optional.empty(),
                "",
                MASKED,
                READ_ONLY,
                "",
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    private static Resources resources(Workload.Builder parts) {
        Optional<Resources.Memory> memory =
                parts.memoryBytes.isEmpty()
                        ? Optional.empty()
                        : Optional.of(memory(parts.memoryBytes.getAsLong()));
        Optional<Resources.Cpu> cpu =
                parts.cpus.isEmpty()
                        ? Optional.empty()
                        : Optional.of(cpu(parts.cpus.getAsDouble()));
        Optional<Resources.Pids> pids =
                parts.pids.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Resources.Pids(parts.pids.getAsLong()));
        return new Resources(
                List.of(),
                memory,
                cpu,
                pids,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Map.of(),
                Map.of());
    }

    private static Resources.Memory memory(long bytes) {
        return new Resources.Memory(
                Optional.of(bytes),
                Optional.empty(),
                Optional.of(bytes),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Resources.Cpu cpu(double count) {
        return new Resources.Cpu(
                Optional.empty(),
                Optional.of(Math.round(count * CPU_PERIOD)),
                Optional.empty(),
                Optional.of(Uint64.of(CPU_PERIOD)),
                Optional.empty(),
                Optional.empty(),
                "",
                "",
                Optional.empty());
    }

    private static List<Namespace> namespaces(String network) {
        return List.of(
                new Namespace("pid", ""),
                new Namespace("network", network),
                new Namespace("ipc", ""),
                new Namespace("uts", ""),
                new Namespace("mount", ""),
                new Namespace("cgroup", ""));
    }
}
