package dev.kumite.engine;

import dev.kumite.oci.Mount;
import dev.kumite.oci.Spec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Who answers the guest's questions about names: the lines of the file that the first container
 * gets as {@code /etc/resolv.conf}.
 *
 * <p>Source: Kata Containers, Go runtime, {@code kataAgent.getDNS}.
 */
final class NameServers {

    private static final String FILE = "/etc/resolv.conf";

    /** Source: assumed; the largest that glibc reads makes sense of is far smaller. */
    private static final int MAX_BYTES = 64 << 10;

    private NameServers() {}

    /** {@return the lines; none if there is no such file} */
    static List<String> of(Spec spec) {
        for (Mount mount : spec.mounts()) {
            if (mount.destination().equals(FILE)) {
                return lines(Path.of(mount.source()));
            }
        }
        return List.of();
    }

    private static List<String> lines(Path file) {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException _) {
            // The container's own copy is what programs read, and that is refused if it is missing.
            return List.of();
        }
    }
}
