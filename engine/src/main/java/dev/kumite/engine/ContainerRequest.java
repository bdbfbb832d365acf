package dev.kumite.engine;

import static java.util.Objects.requireNonNull;

import dev.kumite.oci.Limits;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A container that is asked for. {@link #ofBundle} makes one from an OCI bundle, {@link Workload}
 * from single parts.
 *
 * @param spec what to run; its annotations may change the machine, as far as the configuration
 *     admits that
 * @param bundle the bundle's directory, absolute, which relative paths start from
 * @param id identity of the container, and of the sandbox if one is made for it: a letter or digit,
 *     then up to 127 letters, digits, {@code _}, {@code .}, {@code +}, {@code -}
 * @param pid the process of the host that stands for the container, which hooks are told; 0 if that
 *     is QEMU
 * @param rootDevice the device that the root file system lies on, which is to be a disk of the
 *     machine; where there is one, the specification's {@code root.path} is not looked at
 */
public record ContainerRequest(
        Spec spec, Path bundle, String id, long pid, Optional<RootDevice> rootDevice) {

    public ContainerRequest {
        requireNonNull(spec, "spec is null");
        if (!bundle.isAbsolute()) {
            throw new IllegalArgumentException("the bundle's path \"" + bundle + "\" is relative");
        }
        requireNonNull(id, "id is null");
        if (pid < 0) {
            throw new IllegalArgumentException("the pid is " + pid);
        }
        requireNonNull(rootDevice, "rootDevice is null");
    }

    /** A container whose root file system is a directory. */
    public ContainerRequest(Spec spec, Path bundle, String id, long pid) {
        this(spec, bundle, id, pid, Optional.empty());
    }

    /** A container that no process but QEMU stands for. */
    public ContainerRequest(Spec spec, Path bundle, String id) {
        this(spec, bundle, id, 0);
    }

    /** {@return the same, with another process that stands for it} */
    public ContainerRequest withPid(long other) {
        return new ContainerRequest(spec, bundle, id, other, rootDevice);
    }

    /**
     * {@return the same, with a root file system on a device} Whether the machine takes it, {@link
     * Engine#obstacleToRootDevice} tells before, and {@link Sandbox#obstacleTo} for a machine that
     * runs.
     */
    public ContainerRequest withRootDevice(RootDevice device) {
        return new ContainerRequest(spec, bundle, id, pid, Optional.of(device));
    }

    /**
     * {@return a request for the container that {@code config.json} in the directory describes}
     *
     * @throws EngineException REFUSED with all problems of the document, HOST if it cannot be read
     */
    public static ContainerRequest ofBundle(Path directory, String id) {
        Path bundle = directory.toAbsolutePath().normalize();
        Path config = bundle.resolve("config.json");
        Outcome<Spec> spec;
        try (InputStream in = Files.newInputStream(config)) {
            spec =
                    SpecReader.read(
                            in.readNBytes(Limits.MAX_DOCUMENT_LENGTH + 1), config.toString());
        } catch (IOException e) {
            throw EngineException.builder(
                            EngineException.Category.HOST,
                            "cannot read \"" + config + "\": " + Failures.reason(e))
                    .remedy("name the directory of an OCI bundle, which holds config.json")
                    .cause(e)
                    .build();
        }
        return new ContainerRequest(
                spec.orElseThrow(problems ->
                        EngineException.refused(
                                "\"" + config + "\" is no valid specification", problems)),
                bundle,
                id);
    }
}
