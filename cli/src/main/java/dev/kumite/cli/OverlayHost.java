package dev.kumite.cli;

import dev.kumite.config.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Another host with some facts changed: the number of its CPUs, and files that are only said to
 * exist.
 */
final class OverlayHost implements Host {

    /**
     * Most links followed on the way to a file. Source: linux include/linux/namei.h, {@code
     * MAXSYMLINKS}.
     */
    private static final int MAX_LINKS = 40;

    private final Host under;
    private final int cpus;
    private final Map<String, byte[]> files;

    private OverlayHost(Host under, int cpus, Map<String, byte[]> files) {
        this.under = under;
        this.cpus = cpus;
        this.files = Map.copyOf(files);
    }

    /** {@return the host with another number of CPUs} */
    static OverlayHost withCpus(Host under, int cpus) {
        return new OverlayHost(under, cpus, Map.of());
    }

    /**
     * {@return the host with another number of CPUs and some more files}
     *
     * @param files what each file holds, by its absolute path without links
     */
    static OverlayHost of(Host under, int cpus, Map<String, byte[]> files) {
        return new OverlayHost(under, cpus, files);
    }

    @Override
    public int cpuCount() {
        return cpus;
    }

    @Override
    public String workingDirectory() {
        return under.workingDirectory();
    }

    @Override
    public boolean exists(String path) {
        return under.exists(path) || isAdded(path);
    }

    @Override
    public boolean isDirectory(String path) {
        return under.isDirectory(path);
    }

    @Override
    public List<String> list(String directory) {
        return under.list(directory);
    }

    @Override
    public Resolution resolve(String path) {
        Resolution resolution = under.resolve(path);
        if (files.isEmpty() || resolution instanceof Resolution.Found) {
            return resolution;
        }
        String added = added(path);
        return added.isEmpty() ? resolution : new Resolution.Found(added);
    }

    @Override
    public OptionalLong size(String path) {
        return isAdded(path) ? OptionalLong.of(bytes(path).length) : under.size(path);
    }

    @Override
    public OptionalLong fileSystemSize(String path) {
        return under.fileSystemSize(path);
    }

    @Override
    public boolean isTmpfsMount(String path) {
        return under.isTmpfsMount(path);
    }

    @Override
    public Predicate<String> tmpfsMounts() {
        return under.tmpfsMounts();
    }

    @Override
    public Contents read(String path, int maxBytes) {
        if (!isAdded(path)) {
            return under.read(path, maxBytes);
        }
        byte[] bytes = bytes(path);
        return bytes.length <= maxBytes
                ? new Contents.Bytes(bytes.clone())
                : new Contents.Failed("is longer than " + maxBytes + " bytes");
    }

    private boolean isAdded(String path) {
        return !files.isEmpty() && !added(path).isEmpty();
    }

    private byte[] bytes(String path) {
        byte[] bytes = files.get(added(path));
        return bytes == null ? new byte[0] : bytes;
    }

    /**
     * {@return the added file that the path leads to, directly or through links; empty if it leads
     * to none}
     */
    private String added(String path) {
        try {
            Path at = Path.of(under.workingDirectory()).resolve(path);
            for (int links = 0; links <= MAX_LINKS; links++) {
                String normal = at.normalize().toString();
                if (files.containsKey(normal)) {
                    return normal;
                }
                if (at.getParent() == null
                        || !(under.resolve(at.getParent().toString())
                                instanceof Resolution.Found(String parent))) {
                    return "";
                }
                Path candidate = Path.of(parent).resolve(at.getFileName());
                if (files.containsKey(candidate.toString())) {
                    return candidate.toString();
                }
                if (!Files.isSymbolicLink(candidate)) {
                    return "";
                }
                at = Path.of(parent).resolve(Files.readSymbolicLink(candidate));
            }
            return "";
        } catch (InvalidPathException | IOException noPath) {
            return "";
        }
    }
}
