package dev.kumite.guestimage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content of a file system that is to be written: paths without a leading slash, in the order
 * of their names. Everything in it belongs to root. Confined to one thread.
 *
 * <p>Parents are made as they are needed. A second, different entry of the same name is refused:
 * silently replacing a file of one package by that of another would hide a mistake.
 */
final class FileTree {

    /** Longest path that is admitted, in bytes. Source: Linux, PATH_MAX. */
    static final int MAX_PATH_BYTES = 4095;

    /** Where the bytes of a regular file come from. */
    sealed interface Content {

        /** Bytes in memory; for what the build itself makes. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Bytes(byte[] bytes) implements Content {}

        /** A file of the host that does not change while the build runs. */
        record Of(Path file, long size) implements Content {}

        /**
         * The part of a program or library that is mapped when it runs: its first {@code size}
         * bytes, without the reference to the table of sections, which follows with the symbols.
         */
        record Mapped(Path file, long size) implements Content {}

        default long length() {
            return switch (this) {
                case Bytes(byte[] bytes) -> bytes.length;
                case Of(_, long size) -> size;
                case Mapped(_, long size) -> size;
            };
        }

        default InputStream open() throws IOException {
            return switch (this) {
                case Bytes(byte[] bytes) -> new ByteArrayInputStream(bytes);
                case Of(Path file, _) -> Files.newInputStream(file);
                case Mapped(Path file, long size) -> ElfFile.openMapped(file, size);
            };
        }
    }

    /** One entry; {@code mode} holds the permission bits only. */
    sealed interface Node {

        record Directory(int mode) implements Node {}

        record RegularFile(int mode, Content content) implements Node {}

        record Symlink(String target) implements Node {}
    }

    private final TreeMap<String, Node> nodes = new TreeMap<>();

    /** {@return all entries in the order of their paths; the root itself is not among them} */
    SortedMap<String, Node> nodes() {
        return Collections.unmodifiableSortedMap(nodes);
    }

    boolean contains(String path) {
        return nodes.containsKey(path);
    }

    FileTree directory(String path) {
        return directory(path, 0755);
    }

    FileTree directory(String path, int mode) {
        put(path, new Node.Directory(mode));
        return this;
    }

    FileTree file(String path, int mode, Path file) {
        try {
            put(path, new Node.RegularFile(mode, new Content.Of(file, Files.size(file))));
        } catch (IOException e) {
            throw GuestImageException.io("cannot read " + file, e);
        }
        return this;
    }

    /** Like {@code file}; of a program or library, only what is mapped when it runs. */
    FileTree program(String path, int mode, Path file) {
        Optional<ElfFile> elf = ElfFile.read(file);
        if (elf.isEmpty()) {
            return file(path, mode, file);
        }
        put(path, new Node.RegularFile(mode, new Content.Mapped(file, elf.get().loadedBytes())));
        return this;
    }

    FileTree file(String path, int mode, byte[] bytes) {
        put(path, new Node.RegularFile(mode, new Content.Bytes(bytes)));
        return this;
    }

    FileTree text(String path, int mode, String text) {
        return file(path, mode, text.getBytes(StandardCharsets.UTF_8));
    }

    FileTree symlink(String path, String target) {
        put(path, new Node.Symlink(target));
        return this;
    }

    private void put(String path, Node node) {
        checkPath(path);
        int slash = path.lastIndexOf('/');
        if (slash > 0 && !(nodes.get(path.substring(0, slash)) instanceof Node.Directory)) {
            directory(path.substring(0, slash));
        }
        Node before = nodes.putIfAbsent(path, node);
        if (before != null && !before.equals(node)) {
            throw GuestImageException.content(
                    "the guest would hold two different things as /" + path);
        }
    }

    private static void checkPath(String path) {
        boolean clean = !path.isEmpty() && path.indexOf('\0') < 0;
        for (String part : path.split("/", -1)) {
            clean &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
        }
        if (!clean || path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw GuestImageException.content("\"" + path + "\" is no path inside the guest");
        }
    }
}
