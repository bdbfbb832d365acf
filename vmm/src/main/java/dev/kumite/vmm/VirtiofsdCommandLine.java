package dev.kumite.vmm;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The command line of virtiofsd, which serves a directory to a machine by virtio-fs.
 *
 * <p>Source: virtiofsd(1) of QEMU 7.2 (C), and of virtiofsd 1.x (Rust).
 *
 * @param daemon its binary
 * @param flavour which of the two it is
 * @param socket that it listens on
 * @param sharedDir that it serves
 * @param cache {@code none}, {@code auto} or {@code always}; empty for its own default
 * @param extraArgs as configured
 */
public record VirtiofsdCommandLine(
        Path daemon,
        Flavour flavour,
        Path socket,
        Path sharedDir,
        String cache,
        List<String> extraArgs) {

    /** How long the daemon may take to tell its version, in seconds. */
    private static final long VERSION_SECONDS = 5;

    private static final int MAX_VERSION_BYTES = 4096;

    /** The two daemons of that name. */
    public enum Flavour {
        /** Of QEMU up to 7. */
        C,
        /** The one after it. */
        RUST;

        /**
         * {@return which one a binary is}
         *
         * @throws VmmException if it does not start, or does not say
         */
        public static Flavour detect(Path daemon) {
            return of(versionOf(daemon));
        }

        /** {@return which one writes this as its version} */
        static Flavour of(String version) {
            // "virtiofsd version 7.2.22 (...)" and "using FUSE kernel interface", or "virtiofsd
            // 1.10.1"
            return version.contains("FUSE kernel") || version.contains("virtiofsd version")
                    ? C
                    : RUST;
        }
    }

    public VirtiofsdCommandLine {
        extraArgs = List.copyOf(extraArgs);
    }

    /** {@return the daemon of a machine} */
    public static VirtiofsdCommandLine of(MachinePlan plan) {
        Settings<HypervisorConfig> vm = plan.hypervisor();
        return new VirtiofsdCommandLine(
                Path.of(vm.get(HypervisorConfig.VIRTIO_FS_DAEMON)),
                plan.virtiofsd(),
                plan.directory().virtiofsdSocket(),
                plan.directory().shared(),
                vm.get(HypervisorConfig.VIRTIO_FS_CACHE),
                vm.get(HypervisorConfig.VIRTIO_FS_EXTRA_ARGS));
    }

    /** {@return the binary and its arguments} */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add(daemon.toString());
        arguments.add("--socket-path=" + socket);
        switch (flavour) {
            case C -> {
                arguments.addAll(List.of("-f", "-o", "source=" + escaped(sharedDir.toString())));
                if (!cache.isEmpty()) {
                    arguments.addAll(List.of("-o", "cache=" + escaped(cache)));
                }
                arguments.addAll(List.of("-o", "sandbox=namespace"));
                // mounts below the directory are devices of their own in the guest, too
                arguments.addAll(List.of("-o", "announce_submounts"));
            }
            case RUST -> {
                arguments.add("--shared-dir=" + sharedDir);
                if (!cache.isEmpty()) {
                    arguments.add("--cache=" + cache);
                }
                arguments.add("--sandbox=namespace");
                arguments.add("--announce-submounts");
            }
        }
        for (String argument : extraArgs) {
            // what is on already would be an error in one of the daemons
            if (!argument.startsWith("--") || !arguments.contains(argument)) {
                arguments.add(argument);
            }
        }
        return List.copyOf(arguments);
    }

    /** Source: libfuse, {@code fuse_opt_parse}: a backslash takes the meaning of a comma away. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace(",", "\\,");
    }

    private static String versionOf(Path daemon) {
        try {
            Process process =
                    new ProcessBuilder(daemon.toString(), "--version")
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(VERSION_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
                throw new VmmException(
                        VmmException.Category.TIMEOUT,
                        daemon + " does not tell its version within " + VERSION_SECONDS + " s");
            }
            return new String(
                    process.getInputStream().readNBytes(MAX_VERSION_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new VmmException(
                    VmmException.Category.HOST,
                    "virtio_fs_daemon \""
                            + daemon
                            + "\" does not start: "
                            + e.getMessage()
                            + "; install virtiofsd, or set shared_fs = \"virtio-9p\"",
                    e);
        } catch (InterruptedException e) {
            throw VmmException.interrupted("asking virtiofsd for its version");
        }
    }
}
