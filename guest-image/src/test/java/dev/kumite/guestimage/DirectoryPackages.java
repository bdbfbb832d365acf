package dev.kumite.guestimage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A package source of directories, filled by the test. */
final class DirectoryPackages implements PackageSource {

    private final Path directory;
    private final Map<String, DebianPackage> packages = new HashMap<>();
    private final Set<String> asked = new TreeSet<>();

    DirectoryPackages(Path directory) {
        this.directory = directory;
    }

    DirectoryPackages add(String name, String depends) {
        Path content = directory.resolve(name);
        try {
            Files.createDirectories(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        packages.put(
                name, new DebianPackage(name, "1.0-1", "amd64", "00".repeat(32), depends, content));
        return this;
    }

    DirectoryPackages file(String name, String path, byte[] bytes) {
        try {
            Path file = directory.resolve(name).resolve(path);
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
            file.toFile().setExecutable(path.contains("bin/"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    DirectoryPackages text(String name, String path, String text) {
        return file(name, path, text.getBytes(StandardCharsets.UTF_8));
    }

    DirectoryPackages symlink(String name, String path, String target) {
        try {
            Path link = directory.resolve(name).resolve(path);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Set<String> asked() {
        return asked;
    }

    @Override
    public String architecture() {
        return "amd64";
    }

    @Override
    public Optional<DebianPackage> find(String name) {
        asked.add(name);
        return Optional.ofNullable(packages.get(name));
    }
}
