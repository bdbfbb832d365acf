package dev.kumite.vectors;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The project's own copy of the golden vectors, recorded from Kata's Go runtime (commit
 * f9e96c650641).
 */
public final class VectorSet {

    private static final String COPY = "vectors.zip";

    private final Map<String, byte[]> files;

    private VectorSet(Map<String, byte[]> files) {
        this.files = files;
    }

    /** {@return the copy that lies in the jar} */
    public static VectorSet open() {
        Map<String, byte[]> files = new TreeMap<>();
        try (InputStream resource =
                        Objects.requireNonNull(VectorSet.class.getResourceAsStream(COPY));
                ZipInputStream zip = new ZipInputStream(resource)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new VectorSet(files);
    }

    /** {@return all files by their name in the set} */
    public Map<String, byte[]> files() {
        return files;
    }

    /** {@return the names of the files of cases, such as {@code cases/toml.jsonl}} */
    public List<String> caseFiles() {
        return files.keySet().stream().filter(name -> name.startsWith("cases/")).toList();
    }

    /** {@return the cases of a file, one JSON document each} */
    public List<String> cases(String file) {
        // only \n ends a line: strings may hold other characters that some readers take for line
        // ends
        return List.of(new String(files.get(file), UTF_8).stripTrailing().split("\n"));
    }

    /** Writes the configuration files to {@code directory} as they are. */
    public void writeConfigs(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getKey().startsWith("configs/")) {
                Path path = directory.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
        }
    }

    /** Makes the files that must exist while cases run, below {@code root}. */
    public void buildFixture(Path root) throws IOException {
        Map<String, Object> fixture =
                JsonTree.object(JsonTree.parse(new String(files.get("fixture.json"), UTF_8)));
        List<Map<String, Object>> entries = new ArrayList<>();
        JsonTree.list(fixture.get("entries")).forEach(entry -> entries.add(JsonTree.object(entry)));
        for (Map<String, Object> entry : entries) {
            Path path = root.resolve((String) entry.get("path"));
            switch ((String) entry.get("type")) {
                case "dir" -> Files.createDirectories(path);
                case "symlink" ->
                        Files.createSymbolicLink(
                                path,
                                Path.of(
                                        ((String) entry.get("target"))
                                                .replace("@ROOT@", root.toString())));
                default -> writeFile(path, entry);
            }
        }
    }

    private static void writeFile(Path path, Map<String, Object> entry) throws IOException {
        if (entry.get("size") instanceof BigInteger size) {
            try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
                sparse.setLength(size.longValueExact());
            }
        } else {
            Files.writeString(path, (String) entry.get("content"));
        }
    }
}
