package dev.kumite.engine;

import dev.kumite.linux.ProcessIdentity;
import dev.kumite.vmm.MachineState;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What sandboxes cost this host, in the text format of Prometheus, by the names that Kata has for
 * it. Read from {@code /proc} at the moment of the call; a process that ends meanwhile is left out.
 *
 * <p>{@code kata_hypervisor_*} are QEMU's, {@code kata_virtiofsd_*} those of the processes that
 * share files, {@code kumite_vsock_device_*} those of the process that is a guest's vsock device,
 * {@code kata_guest_*} and {@code kata_agent_*} what the guest says of itself, all with the sandbox
 * as label; {@code kata_shim_*} are those of the processes that own sandboxes, one of which can own
 * many, with the pid as label.
 *
 * <p>Source: Kata Containers, docs/design/kata-2-0-metrics.md; Prometheus, exposition formats.
 */
public final class HostMetrics {

    private static final String HYPERVISOR = "kata_hypervisor";
    private static final String SHARE = "kata_virtiofsd";
    private static final String VSOCK_DEVICE = "kumite_vsock_device";
    private static final String OWNER = "kata_shim";

    /** Source: proc_pid_stat(5), counted from 0 behind the command. */
    private static final Map<String, Integer> TIMES =
            Map.of("utime", 11, "stime", 12, "cutime", 13, "cstime", 14);

    /** Name, then label, then value; sorted, so that each name's samples are together. */
    private final Map<String, Map<String, Long>> samples = new TreeMap<>();

    /** The same of what guests say, whose values are printed as they came. */
    private final Map<String, Map<String, String>> guests = new TreeMap<>();

    private HostMetrics() {}

    /** {@return the text for these sandboxes, without what guests say} */
    public static String of(List<SandboxStatus> sandboxes) {
        return of(sandboxes, Map.of());
    }

    /**
     * {@return the text for these sandboxes}
     *
     * @param guests what {@link Sandbox#metrics} has of each, by the sandbox's identity; what is
     *     not there is left out
     */
    public static String of(List<SandboxStatus> sandboxes, Map<String, String> guests) {
        HostMetrics metrics = new HostMetrics();
        long running = 0;
        TreeSet<Long> owners = new TreeSet<>();
        for (SandboxStatus sandbox : sandboxes) {
            if (sandbox.state() != SandboxStatus.State.RUNNING) {
                continue;
            }
            running++;
            owners.add(sandbox.ownerPid());
            String label = "sandbox_id=\"" + sandbox.id() + "\"";
            metrics.process(HYPERVISOR, label, sandbox.qemuPid());
            machine(sandbox.directory())
                    .ifPresent(machine -> {
                        metrics.companion(SHARE, label, machine.virtiofsd());
                        metrics.companion(VSOCK_DEVICE, label, machine.vsockDevice());
                    });
            GuestText.of(guests.getOrDefault(sandbox.id(), ""))
                    .forEach(line -> metrics.guest(line, label));
        }
        metrics.add("kata_monitor_running_shim_count", "", running);
        for (long owner : owners) {
            metrics.process(OWNER, "pid=\"" + owner + "\"", owner);
        }
        return metrics.text();
    }

    private static Optional<MachineState> machine(Path directory) {
        try {
            return SandboxHome.read(directory).map(SandboxState::machine);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** With its children: virtiofsd has one, in a sandbox of its own, that does the work. */
    private void companion(String name, String label, Optional<ProcessIdentity> process) {
        process.flatMap(identity -> ProcessHandle.of(identity.pid()))
                .ifPresent(daemon -> {
                    process(name, label, daemon.pid());
                    daemon.children().forEach(child -> process(name, label, child.pid()));
                });
    }

    private void guest(GuestText.Line line, String label) {
        String labels = line.labels().isEmpty() ? label : label + "," + line.labels();
        guests.computeIfAbsent(line.name(), all -> new LinkedHashMap<>()).put(labels, line.value());
    }

    private void process(String name, String label, long pid) {
        Path proc = Path.of("/proc/" + pid);
        try {
            String stat = Files.readString(proc.resolve("stat"));
            List<String> status = Files.readAllLines(proc.resolve("status"));
            long descriptors = count(proc.resolve("fd"));
            times(stat)
                    .forEach((item, value) ->
                            add(name + "_proc_stat", label + ",item=\"" + item + "\"", value));
            for (String line : status) {
                item(line, name, label);
            }
            add(name + "_fds", label, descriptors);
            io(proc, name, label);
        } catch (IOException ended) {
            // A process that is gone, or another user's, has no figures.
            return;
        }
    }

    private static Map<String, Long> times(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        Map<String, Long> times = new LinkedHashMap<>();
        TIMES.forEach((item, place) -> times.put(item, Long.parseLong(fields[place])));
        return times;
    }

    /** A line such as {@code VmRSS: 1234 kB} or {@code Threads: 5}. */
    private void item(String line, String name, String label) {
        int colon = line.indexOf(':');
        if (colon < 0) {
            return;
        }
        String item = line.substring(0, colon).toLowerCase(Locale.ROOT);
        Optional<Long> value = number(line.substring(colon + 1).strip());
        if (value.isEmpty()) {
            return;
        }
        if (item.equals("threads")) {
            add(name + "_threads", label, value.get());
        } else if (item.startsWith("vm")
                || item.startsWith("rss")
                || item.endsWith("ctxt_switches")) {
            add(name + "_proc_status", label + ",item=\"" + item + "\"", value.get());
        }
    }

    private void io(Path proc, String name, String label) throws IOException {
        for (String line : Files.readAllLines(proc.resolve("io"))) {
            int colon = line.indexOf(':');
            number(line.substring(colon + 1).strip())
                    .ifPresent(value ->
                            add(
                                    name + "_io_stat",
                                    label
                                            + ",item=\""
                                            + line.substring(0, colon).replace("_", "")
                                            + "\"",
                                    value));
        }
    }

    /** {@return bytes, where the text has a unit} */
    private static Optional<Long> number(String text) {
        boolean kibibytes = text.endsWith(" kB");
        try {
            long value = Long.parseLong(kibibytes ? text.substring(0, text.length() - 3) : text);
            return Optional.of(kibibytes ? value << 10 : value);
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    private static long count(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(entries::add);
        }
        return entries.size();
    }

    private void add(String name, String label, long value) {
        samples.computeIfAbsent(name, all -> new LinkedHashMap<>()).merge(label, value, Long::sum);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        samples.forEach((name, values) -> text(text, name, values));
        guests.forEach((name, values) -> text(text, name, values));
        return text.toString();
    }

    private static void text(StringBuilder text, String name, Map<String, ?> values) {
        text.append("# TYPE ").append(name).append(" gauge\n");
        values.forEach((label, value) -> {
            text.append(name);
            if (!label.isEmpty()) {
                text.append('{').append(label).append('}');
            }
            text.append(' ').append(value).append('\n');
        });
    }
}
