package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.KernelModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a sandbox changes in the guest itself. */
final class GuestSetup {

    private static final int TIMEOUT_SECONDS = 60;

    private GuestSetup() {}

    /** Source: sethostname(2); proc_sys_kernel(5), hostname. */
    static void setHostname(String name) {
        write(Path.of("/proc/sys/kernel/hostname"), name);
    }

    /**
     * Writes the guest's {@code resolv.conf}.
     *
     * @param lines as the host has them in its own
     */
    static void setNameServers(GuestLayout layout, List<String> lines) {
        Path file = layout.sandbox().resolve("resolv.conf");
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append('\n');
        }
        try {
            Files.createDirectories(layout.sandbox());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw Refusal.failed("cannot write " + file + ": " + e.getMessage());
        }
        if (Files.exists(Path.of("/etc/resolv.conf")) && layout.equals(GuestLayout.GUEST)) {
            Command.require(
                    Command.line(
                            layout.busybox(),
                            "mount",
                            "-o",
                            "bind",
                            file.toString(),
                            "/etc/resolv.conf"),
                    TIMEOUT_SECONDS,
                    "cannot put " + file + " at /etc/resolv.conf");
        }
    }

    /** Sets what sysctl(8) sets. */
    static void setKernelParameters(Map<String, String> parameters) {
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            if (name.contains("..")) {
                throw Refusal.invalid("\"" + name + "\" is no kernel parameter");
            }
            // Where a slash separates, dots are part of names. Source: sysctl.d(5).
            Path file =
                    Path.of("/proc/sys")
                            .resolve(name.indexOf('/') >= 0 ? name : name.replace('.', '/'));
            write(file, parameter.getValue());
        }
    }

    static void loadModule(GuestLayout layout, KernelModule module) {
        List<String> command = Command.line(layout.busybox(), "modprobe", module.getName());
        command.addAll(module.getParametersList());
        Command.require(
                command, TIMEOUT_SECONDS, "cannot load the kernel module " + module.getName());
    }

    /** Source: swapon(8). */
    static void addSwap(GuestLayout layout, String path) {
        Command.require(
                Command.line(layout.busybox(), "swapon", path),
                TIMEOUT_SECONDS,
                "cannot use " + path + " as swap");
    }

    private static void write(Path file, String value) {
        try {
            Files.writeString(file, value);
        } catch (IOException e) {
            throw Refusal.failed("cannot write " + file + ": " + e.getMessage());
        }
    }
}
