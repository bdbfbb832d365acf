package dev.kumite.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A machine made of a few files in memory, without links. Records every question, so that a test
 * can say what was asked. Confined to one thread.
 */
final class FakeHost implements Host {

    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Long> fileSystems = new HashMap<>();
    private final List<String> tmpfsMounts = new ArrayList<>();
    private final List<String> questions = new ArrayList<>();
    private int cpuCount = 2;

    FakeHost withCpus(int count) {
        cpuCount = count;
        return this;
    }

    FakeHost withFile(String path, String content) {
        files.put(path, content.getBytes(UTF_8));
        return this;
    }

    FakeHost withFile(String path) {
        return withFile(path, "content of " + path);
    }

    FakeHost withFileSystem(String path, long bytes) {
        fileSystems.put(path, bytes);
        return this;
    }

    FakeHost withTmpfs(String path) {
        tmpfsMounts.add(path);
        return this;
    }

    List<String> questions() {
        return List.copyOf(questions);
    }

    @Override
    public int cpuCount() {
        return cpuCount;
    }

    @Override
    public String workingDirectory() {
        return "/work-dir";
    }

    @Override
    public boolean exists(String path) {
        questions.add("exists " + path);
        return files.containsKey(path) || isDirectory(path);
    }

    @Override
    public boolean isDirectory(String path) {
        String prefix = path.endsWith("/") ? path : path + "/";
        return files.keySet().stream().anyMatch(file -> file.startsWith(prefix));
    }

    @Override
    public List<String> list(String directory) {
        questions.add("list " + directory);
        String prefix = directory.endsWith("/") ? directory : directory + "/";
        TreeSet<String> names = new TreeSet<>();
        for (String file : files.keySet()) {
            if (file.startsWith(prefix)) {
                names.add(file.substring(prefix.length()).split("/", 2)[0]);
            }
        }
        return List.copyOf(names);
    }

    @Override
    public Resolution resolve(String path) {
        questions.add("resolve " + path);
        String absolute = path.startsWith("/") ? path : LexicalPath.join(workingDirectory(), path);
        return exists(absolute) ? new Resolution.Found(absolute) : new Resolution.Missing(absolute);
    }

    @Override
    public OptionalLong size(String path) {
        byte[] content = files.get(path);
        return content == null ? OptionalLong.empty() : OptionalLong.of(content.length);
    }

    @Override
    public OptionalLong fileSystemSize(String path) {
        Long size = fileSystems.get(path);
        return size == null ? OptionalLong.empty() : OptionalLong.of(size);
    }

    @Override
    public boolean isTmpfsMount(String path) {
        return tmpfsMounts.contains(path);
    }

    @Override
    public Predicate<String> tmpfsMounts() {
        questions.add("mounts");
        return tmpfsMounts::contains;
    }

    @Override
    public Contents read(String path, int maxBytes) {
        byte[] content = files.get(path);
        if (content == null) {
            return new Contents.Failed("no such file");
        }
        return content.length > maxBytes
                ? new Contents.Failed("too large")
                : new Contents.Bytes(content.clone());
    }
}
