package dev.kumite.config;

import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds configuration files and reads their text. Stateless and safe for use by several threads.
 *
 * <p>Source: Kata Containers, Go runtime, {@code getDefaultConfigFile} and {@code decodeConfig} in
 * {@code pkg/katautils/config.go}. Files in {@code config.d} are an addition that later versions of
 * Kata Containers have.
 */
public final class ConfigurationFiles {

    /** What the built-in configuration is called where a file's path would stand. */
    public static final String BUILT_IN = "<built-in>";

    /** Directory beside the main file whose files change it. */
    static final String DROP_IN_DIRECTORY = "config.d";

    /** Largest file that is read, in bytes; Kata's own, which is mostly comments, has 30 KiB. */
    static final int MAX_FILE_BYTES = 1 << 20;

    /** Most files that are read from the directory beside the main file. */
    static final int MAX_DROP_INS = 256;

    private static final String RESOURCE = "default-configuration.toml";

    private ConfigurationFiles() {}

    /**
     * {@return the main configuration file, absolute and without links}
     *
     * @param path what the caller asks for; if that is nothing, the two default places are looked
     *     at in order
     * @param host where the file is
     * @param build the default places
     */
    public static Outcome<String> locate(Optional<String> path, Host host, BuildConstants build) {
        if (path.isPresent() && !path.get().isEmpty()) {
            return locate(path.get(), host);
        }
        List<String> tried = new ArrayList<>();
        for (String place : List.of(build.sysconfPath(), build.configPath())) {
            if (place.isEmpty()) {
                continue;
            }
            Host.Resolution resolution = host.resolve(place);
            if (resolution instanceof Host.Resolution.Found(String found)) {
                return Outcome.of(found, List.of());
            }
            tried.add("\"" + place + "\": " + LoadContext.reason(resolution, place));
        }
        return Outcome.refused(
                List.of(
                        Problem.error(
                                new Location.Text("configuration", 0, 0, ""),
                                "there is no configuration file",
                                tried.isEmpty()
                                        ? "no default place is known"
                                        : String.join(", ", tried),
                                "create one of these files, or name another one")));
    }

    private static Outcome<String> locate(String path, Host host) {
        Host.Resolution resolution = host.resolve(path);
        if (resolution instanceof Host.Resolution.Found(String found)) {
            return Outcome.of(found, List.of());
        }
        return Outcome.refused(
                List.of(
                        Problem.error(
                                new Location.Text(Toml.excerpt(path), 0, 0, ""),
                                "the configuration file cannot be used",
                                LoadContext.reason(resolution, path),
                                "name an existing file")));
    }

    /**
     * {@return the text of a configuration file, and of the files {@code config.d/*.toml} beside it
     * in the order of their names}
     *
     * @param file absolute, without links, as {@link #locate} gives it
     * @param host where the files are
     */
    public static Outcome<List<ConfigurationText>> read(String file, Host host) {
        List<Problem> problems = new ArrayList<>();
        List<ConfigurationText> texts = new ArrayList<>();
        read(file, host, problems).ifPresent(texts::add);
        for (String dropIn : dropIns(file, host, problems)) {
            read(dropIn, host, problems).ifPresent(texts::add);
        }
        return Outcome.of(List.copyOf(texts), problems);
    }

    private static List<String> dropIns(String file, Host host, List<Problem> problems) {
        String directory =
                LexicalPath.join(file.substring(0, file.lastIndexOf('/') + 1), DROP_IN_DIRECTORY);
        if (!host.isDirectory(directory)) {
            return List.of();
        }
        List<String> dropIns = new ArrayList<>();
        for (String name : host.list(directory)) {
            String path = LexicalPath.join(directory, name);
            if (name.endsWith(".toml") && !host.isDirectory(path)) {
                dropIns.add(path);
            }
        }
        if (dropIns.size() > MAX_DROP_INS) {
            problems.add(
                    Problem.error(
                            new Location.Text(directory, 0, 0, ""),
                            "there are " + dropIns.size() + " configuration files",
                            "at most " + MAX_DROP_INS + " are read",
                            "join some of them"));
            return List.of();
        }
        return dropIns;
    }

    private static Optional<ConfigurationText> read(
            String path, Host host, List<Problem> problems) {
        Location.Text where = new Location.Text(path, 0, 0, "");
        return switch (host.read(path, MAX_FILE_BYTES)) {
            case Host.Contents.Bytes(byte[] bytes) -> decode(path, bytes, problems);
            case Host.Contents.Failed(String reason) -> {
                problems.add(
                        Problem.error(
                                where,
                                "the configuration file cannot be read",
                                reason,
                                "make it a readable file of TOML"));
                yield Optional.empty();
            }
        };
    }

    private static Optional<ConfigurationText> decode(
            String path, byte[] bytes, List<Problem> problems) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return Optional.of(new ConfigurationText(path, text));
        } catch (CharacterCodingException notUtf8) {
            problems.add(
                    Problem.error(
                            new Location.Text(path, firstBadLine(bytes), 0, ""),
                            "the file is not UTF-8",
                            "TOML is",
                            "convert the file, or correct the line"));
            return Optional.empty();
        }
    }

    /** {@return the line of the first byte that is not part of a character} */
    private static int firstBadLine(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        int line = 1;
        for (int i = 0; i < in.position(); i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    /**
     * {@return the configuration for machines that have none: QEMU with the guest that Kumite
     * builds} Its files need not exist; load it with {@link LoadOptions#assumeFiles}.
     */
    public static ConfigurationText builtIn() {
        try (InputStream in = ConfigurationFiles.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the resource " + RESOURCE + " is missing from the module");
            }
            return new ConfigurationText(
                    BUILT_IN, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
