package dev.kumite.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** {@code kumite spec}: makes a {@code config.json} to begin with. Source: runc-spec(8). */
final class SpecCommand implements Command {

    private static final String BUNDLE = "bundle";

    /** A shell on a terminal, with the mounts and limits that engines usually ask for. */
    private static final String DOCUMENT =
            """
            {
              "ociVersion": "1.0.2",
              "process": {
                "terminal": true,
                "user": {"uid": 0, "gid": 0},
                "args": ["sh"],
                "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
                "cwd": "/",
                "capabilities": {
                  "bounding": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
                  "effective": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
                  "permitted": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
                },
                "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}],
                "noNewPrivileges": true
              },
              "root": {"path": "rootfs", "readonly": true},
              "hostname": "kumite",
              "mounts": [
                {"destination": "/proc", "type": "proc", "source": "proc"},
                {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
                  "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
                {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
                  "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
                {"destination": "/dev/shm", "type": "tmpfs", "source": "shm",
                  "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
                {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue",
                  "options": ["nosuid", "noexec", "nodev"]},
                {"destination": "/sys", "type": "sysfs", "source": "sysfs",
                  "options": ["nosuid", "noexec", "nodev", "ro"]},
                {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
                  "options": ["nosuid", "noexec", "nodev", "relatime", "ro"]}
              ],
              "linux": {
                "resources": {"devices": [{"allow": false, "access": "rwm"}]},
                "namespaces": [
                  {"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"},
                  {"type": "cgroup"}
                ],
                "maskedPaths": [
                  "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
                  "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi"
                ],
                "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
              }
            }
            """;

    @Override
    public String name() {
        return "spec";
    }

    @Override
    public String summary() {
        return "make a config.json to begin with";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Writes a config.json for a shell on a terminal; the root file system is to be put into the
                directory rootfs beside it. A file that is there already is left alone.\
                """,
                List.of(
                        Syntax.Option.of(
                                        BUNDLE,
                                        new Syntax.Value.Directory("DIR"),
                                        "where it is written; default .")
                                .withLetter('b'),
                        Syntax.Option.flag(
                                "rootless",
                                "accepted, without effect: a machine needs no mapping of users")),
                List.of(),
                List.of(new Syntax.Example("spec -b /run/containers/web", "makes one")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Path file = Path.of(arguments.value(BUNDLE, ".")).resolve("config.json");
        try {
            Files.writeString(file, DOCUMENT, StandardOpenOption.CREATE_NEW);
            return ExitCode.DONE;
        } catch (FileAlreadyExistsException there) {
            console.note("error: \"" + file + "\" is there already; remove it first");
        } catch (IOException failure) {
            console.note(
                    "error: cannot write \""
                            + file
                            + "\": "
                            + failure.getClass().getSimpleName()
                            + "; does the directory exist, and may you write there?");
        }
        return ExitCode.REFUSED;
    }
}
