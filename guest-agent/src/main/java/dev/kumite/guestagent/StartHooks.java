package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.Hook;
import dev.kumite.agentprotocol.messages.Process;
import dev.kumite.agentprotocol.messages.Spec;
import dev.kumite.ttrpc.TtrpcException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The hooks of a container that run in it before its program, one after the other, each with the
 * container's state on its input.
 *
 * <p>Source: runtime-spec 1.2, config.md, "StartContainer Hooks", and runtime.md, "State".
 *
 * @param containerId the container
 * @param hooks what to run
 * @param process the container's program, whose user, rights and working directory they share
 * @param version of the specification
 * @param bundle the bundle's path on the host, if the host says so
 * @param annotations the user's
 */
record StartHooks(
        String containerId,
        List<Hook> hooks,
        Process process,
        String version,
        String bundle,
        Map<String, String> annotations) {

    /**
     * Where the host says what its bundle is.
     *
     * <p>Source: Kata Containers, pkg/oci.
     */
    private static final String BUNDLE_PATH = "io.katacontainers.pkg.oci.bundle_path";

    /** For a hook without a timeout: a hang is better told than kept. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Longer than any machine runs, and short enough to count in nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(365);

    StartHooks {
        hooks = List.copyOf(hooks);
    }

    /**
     * {@return the hooks of a container}
     *
     * @param spec as the host sent it
     * @param bundle the guest's, for hosts that do not tell theirs
     */
    static StartHooks of(String containerId, Spec spec, Path bundle) {
        Map<String, String> annotations = new LinkedHashMap<>(spec.getAnnotationsMap());
        String ofHost = annotations.remove(BUNDLE_PATH);
        return new StartHooks(
                containerId,
                spec.getHooks().getStartContainerList(),
                spec.getProcess(),
                spec.getVersion(),
                ofHost == null ? bundle.toString() : ofHost,
                annotations);
    }

    boolean isEmpty() {
        return hooks.isEmpty();
    }

    /**
     * Runs the hooks.
     *
     * @param files makes a place for the files of one more process
     * @param pid the container's first process
     * @param unwanted whether the container has been ended meanwhile
     * @throws TtrpcException for the first one that fails; the others are not run
     */
    void run(Crun crun, Supplier<ProcessFiles> files, int pid, BooleanSupplier unwanted) {
        String state = state(pidInside(pid));
        for (Hook hook : hooks) {
            ProcessFiles own = files.get();
            try {
                Files.writeString(own.process(), SpecJson.process(process(hook)));
                new HookRun(name(hook), own, timeout(hook))
                        .run(crun.exec(containerId, own.process(), own), state, unwanted);
            } catch (IOException e) {
                throw Refusal.failed(name(hook) + " cannot be started: " + e.getMessage());
            } finally {
                own.delete();
            }
        }
    }

    private static String name(Hook hook) {
        return "startContainer hook \"" + OneLine.of(hook.getPath()) + "\"";
    }

    private static Duration timeout(Hook hook) {
        if (hook.getTimeout() <= 0) {
            return TIMEOUT;
        }
        Duration given = Duration.ofSeconds(hook.getTimeout());
        return given.compareTo(LONGEST) > 0 ? LONGEST : given;
    }

    /** {@return what {@code crun exec} is to run} Its program's path is its first argument. */
    Process process(Hook hook) {
        Process.Builder builder =
                SpecForGuest.process(process).toBuilder()
                        .clearTerminal()
                        .clearConsoleSize()
                        .clearArgs()
                        .clearEnv()
                        .addArgs(hook.getPath())
                        .addAllEnv(hook.getEnvList());
        if (hook.getArgsCount() > 1) {
            builder.addAllArgs(hook.getArgsList().subList(1, hook.getArgsCount()));
        }
        if (hook.getEnvCount() == 0) {
            // crun adds HOME in any case, and without any variable the program's own.
            builder.addEnv("HOME=/");
        }
        return builder.build();
    }

    /** {@return the state of the container that a hook reads} */
    String state(int pid) {
        Json out = new Json().begin();
        out.stringAlways("ociVersion", version.isEmpty() ? "1.0.2" : version)
                .stringAlways("id", containerId)
                .stringAlways("status", "created")
                .numberAlways("pid", pid)
                .stringAlways("bundle", bundle);
        SpecJson.stringMap(out, "annotations", annotations);
        return out.end().toString();
    }

    private static int pidInside(int pid) {
        try {
            return pidInside(Files.readString(Path.of("/proc/" + pid + "/status")), pid);
        } catch (IOException _) {
            return pid;
        }
    }

    /**
     * {@return a process's number in its own namespace, which the specification wants for hooks
     * that run in the container}
     *
     * @param status its {@code /proc/[pid]/status}. Source: proc_pid_status(5), {@code NSpid}
     */
    static int pidInside(String status, int pid) {
        int at = status.indexOf("NSpid:");
        int end = status.indexOf('\n', Math.max(at, 0));
        if (at < 0 || end < 0) {
            return pid;
        }
        String numbers = status.substring(at + "NSpid:".length(), end).strip();
        return Integer.parseInt(numbers.substring(numbers.lastIndexOf('\t') + 1));
    }
}
