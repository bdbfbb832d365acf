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

/**
 * A container that is asked for. {@link #ofBundle} makes one from an OCI bundle, {@link Workload}
 * from single parts.
 *
 * @param spec what to run; its annotations may change the machine, as far as the configuration
 *     admits that
 * @param bundle the bundle's directory, absolute, which relative paths start from
 * @param id identity of the container, and of the sandbox if one is made for it: a letter or digit,
 *     then up to 127 letters, digits, {@code _}, {@code .}, {@code +}, {@code -}
 */
public record ContainerRequest(Spec spec, Path bundle, String id) {

    public ContainerRequest {
        requireNonNull(spec, "spec is null");
        if (!bundle.isAbsolute()) {
            throw new IllegalArgumentException("the bundle's path \"" + bundle + "\" is relative");
        }
        requireNonNull(id, "id is null");
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
