package dev.kumite.cli;

import java.util.List;

/**
 * {@code kumite features}: what of the OCI specification there is, for programs. Source:
 * runtime-spec features.md, features-linux.md.
 */
final class FeaturesCommand implements Command {

    /** The version of the specification that is read, and that states are written in. */
    static final String NEWEST_SPECIFICATION = "1.2.0";

    /** What the guest's kernel, crun and libseccomp can do; the host's do not matter. */
    private static final String DOCUMENT =
            """
            {
              "ociVersionMin": "1.0.0",
              "ociVersionMax": "1.2.0",
              "hooks": ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"],
              "mountOptions": [
                "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "iversion", "lazytime",
                "loud", "mand", "noatime", "nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "nomand",
                "norelatime", "nostrictatime", "nosuid", "private", "rbind", "relatime", "remount", "ro", "rprivate",
                "rshared", "rslave", "runbindable", "rw", "shared", "silent", "slave", "strictatime", "suid", "sync",
                "tmpcopyup", "unbindable"
              ],
              "linux": {
                "namespaces": ["cgroup", "ipc", "mount", "network", "pid", "user", "uts"],
                "capabilities": [
                  "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL",
                  "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE",
                  "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
                  "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
                  "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME",
                  "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
                  "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
                  "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE"
                ],
                "cgroup": {"v1": false, "v2": true, "systemd": false, "systemdUser": false, "rdma": false},
                "seccomp": {
                  "enabled": true,
                  "actions": [
                    "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS",
                    "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP"
                  ],
                  "operators": [
                    "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_LE", "SCMP_CMP_LT",
                    "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE"
                  ],
                  "archs": ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM", "SCMP_ARCH_X32", "SCMP_ARCH_X86", "SCMP_ARCH_X86_64"]
                },
                "apparmor": {"enabled": false},
                "selinux": {"enabled": false},
                "intelRdt": {"enabled": false},
                "mountExtensions": {"idmap": {"enabled": false}}
              },
              "annotations": {"dev.kumite.version": "VERSION", "dev.kumite.isolation": "virtual-machine"}
            }\
            """;

    @Override
    public String name() {
        return "features";
    }

    @Override
    public String summary() {
        return "show what of the OCI specification there is; for programs";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Prints the features of the OCI specification as its document "features" has them, in JSON. They
                are those of the guest: the host's kernel does not matter.\
                """,
                List.of(),
                List.of(),
                List.of(new Syntax.Example("features", "prints them")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        console.out().line(DOCUMENT.replace("VERSION", Version.TEXT));
        return ExitCode.DONE;
    }
}
