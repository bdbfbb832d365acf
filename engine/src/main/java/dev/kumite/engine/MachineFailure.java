package dev.kumite.engine;

import dev.kumite.linux.LinuxException;
import dev.kumite.vmm.MachineExit;
import dev.kumite.vmm.VirtualMachine;
import dev.kumite.vmm.VmmException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What became of a machine, in words. */
final class MachineFailure {

    /** How long a broken connection waits for the news that the machine has ended. */
    private static final Duration NEWS = Duration.ofSeconds(2);

    /** Most lines of evidence. */
    private static final int MAX_LINES = 20;

    private MachineFailure() {}

    /** {@return how the machine ended, if it has or does so in a moment} */
    static Optional<MachineExit> exit(VirtualMachine machine) {
        try {
            return Optional.of(machine.onExit().get(NEWS.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** {@return the failure of a connection, with the reason that the machine gave} */
    static EngineException explain(EngineException e, VirtualMachine machine, Path directory) {
        Optional<MachineExit> exit = exit(machine);
        if (exit.isEmpty()) {
            return e.toBuilder().evidence(last(machine.consoleLines())).record(directory).build();
        }
        return EngineException.builder(
                        EngineException.Category.CLOSED,
                        "the machine has ended: " + cause(exit.get()))
                .evidence(evidence(exit.get()))
                .record(directory)
                .remedy(remedy(exit.get()))
                .cause(e)
                .build();
    }

    /** {@return why a machine ended, in a few words} */
    static String cause(MachineExit exit) {
        String what =
                switch (exit.cause()) {
                    case REQUESTED -> "it was asked to";
                    case GUEST_SHUTDOWN -> "the guest switched itself off";
                    case GUEST_RESET ->
                            "the guest restarted, as after a panic of its kernel or the end of its agent";
                    case GUEST_PANIC -> "the guest's kernel panicked";
                    case SHARE_LOST -> "virtiofsd ended, without which the guest has no files";
                    case VSOCK_LOST ->
                            "the vsock device ended, without which the agent in the guest cannot be reached";
                    case KILLED -> "QEMU was killed";
                    case QEMU_FAILED -> "QEMU failed";
                };
        if (exit.detail().isEmpty() || exit.detail().equals(what)) {
            return what;
        }
        return exit.detail().startsWith(what) ? exit.detail() : what + " (" + exit.detail() + ")";
    }

    static String remedy(MachineExit exit) {
        return switch (exit.cause()) {
            case KILLED ->
                    "look whether the host ran out of memory (dmesg), or somebody killed the process";
            case GUEST_PANIC, GUEST_RESET ->
                    "read the console's last lines; \"kumite logs\" has all";
            case SHARE_LOST, VSOCK_LOST, QEMU_FAILED, GUEST_SHUTDOWN, REQUESTED -> "";
        };
    }

    static List<String> evidence(MachineExit exit) {
        List<String> lines = new ArrayList<>();
        last(exit.stderr()).forEach(line -> lines.add("qemu: " + line));
        last(exit.console()).forEach(line -> lines.add("console: " + line));
        return lines;
    }

    static List<String> last(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size());
    }

    /** {@return a failure of this host} */
    static EngineException of(LinuxException e) {
        return EngineException.builder(
                        EngineException.Category.HOST, String.valueOf(e.getMessage()))
                .cause(e)
                .build();
    }

    /** {@return a failure of QEMU or virtiofsd} */
    static EngineException of(VmmException e) {
        String text = e.getMessage() == null ? "" : e.getMessage();
        // The message holds the last words of the process in lines of their own.
        List<String> lines = text.lines().toList();
        String first = lines.isEmpty() ? "the machine failed" : lines.getFirst();
        return EngineException.builder(category(e), first)
                .evidence(
                        lines.size() > 1
                                ? last(
                                        lines.subList(1, lines.size()).stream()
                                                .map(String::strip)
                                                .toList())
                                : List.of())
                .remedy(remedy(text))
                .cause(e)
                .build();
    }

    private static EngineException.Category category(VmmException e) {
        return switch (e.category()) {
            case REFUSED -> EngineException.Category.REFUSED;
            case HOST, TEMPLATE_UNUSABLE -> EngineException.Category.HOST;
            case TIMEOUT -> EngineException.Category.TIMEOUT;
            case INTERRUPTED -> EngineException.Category.INTERRUPTED;
            case PROCESS_ENDED, PEER_CLOSED, PROTOCOL, COMMAND_FAILED ->
                    EngineException.Category.HYPERVISOR;
        };
    }

    private static String remedy(String text) {
        if (text.contains("Cannot allocate memory")
                || text.contains("cannot set up guest memory")) {
            return "the host has too little memory for the machine: lower default_memory in"
                    + " configuration.toml, or the container's memory limit";
        }
        if (text.contains("No such file or directory")) {
            return "\"kumite check\" says what this host lacks";
        }
        return "";
    }
}
