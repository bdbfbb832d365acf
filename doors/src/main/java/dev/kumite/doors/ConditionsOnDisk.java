package dev.kumite.doors;

import dev.kumite.config.ConfigurationText;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * What the machines of a root were made by, {@code <root>/.machines/<sandbox>}: who takes one over
 * needs its configuration, which may have been changed on the host since. Safe for use by several
 * threads, for different sandboxes.
 */
final class ConditionsOnDisk {

    private static final String NEXT = ".new";
    private static final String BUILT_IN = "built-in";
    private static final String GUEST = "guest";
    private static final String PATH = "path.";
    private static final String TEXT = "text.";

    private final Path directory;

    ConditionsOnDisk(Path root) {
        this.directory = root.resolve(".machines");
    }

    /**
     * Writes down what a machine is made by.
     *
     * @throws UncheckedIOException if that is not possible
     */
    void write(String sandbox, Conditions conditions) {
        Properties properties = new Properties();
        properties.setProperty(BUILT_IN, String.valueOf(conditions.builtIn()));
        conditions.guest().ifPresent(guest -> properties.setProperty(GUEST, guest.toString()));
        for (int i = 0; i < conditions.texts().size(); i++) {
            properties.setProperty(PATH + i, conditions.texts().get(i).path());
            properties.setProperty(TEXT + i, conditions.texts().get(i).text());
        }
        try {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            Path next = directory.resolve(sandbox + NEXT);
            try (Writer out = Files.newBufferedWriter(next)) {
                properties.store(out, null);
            }
            Files.move(next, directory.resolve(sandbox), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "cannot write down how sandbox " + sandbox + " is made", failure);
        }
    }

    /** {@return what the machine was made by; empty if that was not written, or is damaged} */
    Optional<Conditions> read(String sandbox) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(directory.resolve(sandbox))) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
        List<ConfigurationText> texts = new ArrayList<>();
        String path = properties.getProperty(PATH + 0);
        while (path != null) {
            texts.add(new ConfigurationText(path, properties.getProperty(TEXT + texts.size(), "")));
            path = properties.getProperty(PATH + texts.size());
        }
        return texts.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Conditions(
                                texts,
                                Boolean.parseBoolean(properties.getProperty(BUILT_IN)),
                                Optional.ofNullable(properties.getProperty(GUEST)).map(Path::of),
                                true));
    }

    /** Forgets a machine. What cannot be removed goes with the next {@link #retain}. */
    void remove(String sandbox) {
        try {
            Files.deleteIfExists(directory.resolve(sandbox));
        } catch (IOException kept) {
            return;
        }
    }

    /** Forgets all machines but these. */
    void retain(Set<String> sandboxes) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (!sandboxes.contains(String.valueOf(file.getFileName()))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException none) {
            return;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot clean up \"" + directory + "\"", failure);
        }
    }
}
