package dev.kumite.cli;

import dev.kumite.oci.State;
import dev.kumite.oci.StateReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the supervisor of a root has written down about its containers, {@code
 * <root>/.oci/<id>/state}: a line of its own, then the state as {@code kumite state} prints it.
 */
final class SupervisedStates {

    /** Most bytes of a state that are read. */
    private static final int MOST_BYTES = 1 << 20;

    /**
     * A container.
     *
     * @param state as the specification has it
     * @param created when it was made
     */
    record Supervised(State state, Instant created) {}

    private SupervisedStates() {}

    /** {@return the containers by id; what cannot be read is not among them} */
    static Map<String, Supervised> in(Path root) {
        Map<String, Supervised> found = new TreeMap<>();
        Path directory = root.resolve(".oci");
        if (!Files.isDirectory(directory)) {
            return found;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path container : all) {
                read(container).ifPresent(read -> found.put(read.state().id(), read));
            }
        } catch (IOException unreadable) {
            return found;
        }
        return found;
    }

    private static Optional<Supervised> read(Path container) {
        Path file = container.resolve("state");
        String text;
        Instant created;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            created =
                    Files.readAttributes(container, BasicFileAttributes.class)
                            .creationTime()
                            .toInstant();
        } catch (IOException removedMeanwhile) {
            return Optional.empty();
        }
        return StateReader.read(text.substring(text.indexOf('\n') + 1), file.toString())
                .value()
                .map(state -> new Supervised(state, created));
    }
}
