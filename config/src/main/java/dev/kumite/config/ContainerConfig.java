package dev.kumite.config;

import static java.util.Objects.requireNonNull;

import dev.kumite.oci.Capabilities;
import dev.kumite.oci.Resources;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The plan of one container.
 *
 * <p>Source: Kata Containers, Go runtime, {@code virtcontainers.ContainerConfig}.
 *
 * @param id identity of the container
 * @param rootFs its root file system
 * @param readonlyRootfs whether it cannot write there
 * @param cmd its process
 * @param annotations those of the specification, and the two that the runtime sets
 * @param mounts its mounts, in order
 * @param deviceInfos its devices, in order
 * @param resources its limits
 */
public record ContainerConfig(
        String id,
        RootFs rootFs,
        boolean readonlyRootfs,
        Cmd cmd,
        Map<String, String> annotations,
        List<Mount> mounts,
        List<DeviceInfo> deviceInfos,
        Resources resources) {

    public ContainerConfig {
        requireNonNull(id, "id is null");
        requireNonNull(rootFs, "rootFs is null");
        requireNonNull(cmd, "cmd is null");
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
        mounts = List.copyOf(mounts);
        deviceInfos = List.copyOf(deviceInfos);
        requireNonNull(resources, "resources is null");
    }

    /**
     * The root file system.
     *
     * @param target directory on the host that holds it
     * @param mounted whether it is there already
     */
    public record RootFs(String target, boolean mounted) {
        public RootFs {
            requireNonNull(target, "target is null");
        }
    }

    /**
     * The process.
     *
     * @param args program and arguments
     * @param envs its environment, in order
     * @param workDir directory it starts in
     * @param user decimal user id
     * @param primaryGroup decimal group id
     * @param supplementaryGroups further decimal group ids
     * @param capabilities its capabilities
     * @param console path of the terminal it gets; empty for none
     * @param interactive whether it wants a terminal
     * @param detach whether nobody waits for its output
     * @param noNewPrivileges whether it can gain no privileges by executing files
     */
    public record Cmd(
            List<String> args,
            List<EnvVar> envs,
            String workDir,
            String user,
            String primaryGroup,
            List<String> supplementaryGroups,
            Optional<Capabilities> capabilities,
            String console,
            boolean interactive,
            boolean detach,
            boolean noNewPrivileges) {
        public Cmd {
            args = List.copyOf(args);
            envs = List.copyOf(envs);
            requireNonNull(workDir, "workDir is null");
            requireNonNull(user, "user is null");
            requireNonNull(primaryGroup, "primaryGroup is null");
            supplementaryGroups = List.copyOf(supplementaryGroups);
            requireNonNull(capabilities, "capabilities is null");
            requireNonNull(console, "console is null");
        }
    }

    /**
     * A variable of the environment.
     *
     * @param name without {@code =}
     * @param value may hold {@code =}
     */
    public record EnvVar(String name, String value) {
        public EnvVar {
            requireNonNull(name, "name is null");
            requireNonNull(value, "value is null");
        }
    }

    /**
     * A mount.
     *
     * @param source on the host
     * @param destination in the container
     * @param type of the file system; {@code bind}, {@code ephemeral} and {@code local} besides
     *     those of the kernel
     * @param options as in the specification
     * @param readOnly whether {@code ro} is among the options
     */
    public record Mount(
            String source,
            String destination,
            String type,
            List<String> options,
            boolean readOnly) {
        public Mount {
            requireNonNull(source, "source is null");
            requireNonNull(destination, "destination is null");
            requireNonNull(type, "type is null");
            options = List.copyOf(options);
        }
    }

    /**
     * A device.
     *
     * @param containerPath in the container
     * @param devType {@code c}, {@code b}, {@code u} or {@code p}
     * @param major number
     * @param minor number
     * @param fileMode permission bits; 0 if not said
     * @param uid owner
     * @param gid group
     */
    public record DeviceInfo(
            String containerPath,
            String devType,
            long major,
            long minor,
            long fileMode,
            long uid,
            long gid) {
        public DeviceInfo {
            requireNonNull(containerPath, "containerPath is null");
            requireNonNull(devType, "devType is null");
        }
    }
}
