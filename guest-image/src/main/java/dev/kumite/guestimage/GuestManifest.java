package dev.kumite.guestimage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a guest is made of. Written as {@code manifest.json} beside the guest's files.
 *
 * @param architecture Debian's name of it, for example {@code amd64}
 * @param kernelRelease as {@code uname -r} gives it in the guest
 * @param javaVersion of the runtime that the agent runs on
 * @param packages the Debian packages that something was taken from, by name
 * @param files the guest's own files: kernel, initrd, root disk
 * @param contents every regular file in the initrd and on the root disk
 */
public record GuestManifest(
        String architecture,
        String kernelRelease,
        String javaVersion,
        List<PackageEntry> packages,
        List<FileEntry> files,
        List<FileEntry> contents) {

    /** Name of the manifest in a guest directory. */
    public static final String FILE_NAME = "manifest.json";

    /** Copies the lists. */
    public GuestManifest {
        packages = List.copyOf(packages);
        files = List.copyOf(files);
        contents = List.copyOf(contents);
    }

    /**
     * A Debian package.
     *
     * @param name as in the archive
     * @param version as in the archive
     * @param architecture as in the archive
     * @param sha256 of the package file, in hexadecimal
     */
    public record PackageEntry(String name, String version, String architecture, String sha256) {}

    /**
     * A file.
     *
     * @param path file name in the guest directory; for what is inside, {@code initrd.img:} or
     *     {@code root.img:} and the path there
     * @param size in bytes
     * @param sha256 in hexadecimal
     */
    public record FileEntry(String path, long size, String sha256) {}

    /**
     * {@return the manifest of a guest directory}
     *
     * @throws GuestImageException if there is none, or it is not one that Kumite wrote
     */
    public static GuestManifest read(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw GuestImageException.missing(
                    directory
                            + " holds no guest: "
                            + FILE_NAME
                            + " is missing; make one with \"kumite guest build\"");
        }
        try {
            return ManifestJson.read(file);
        } catch (IOException e) {
            throw GuestImageException.io("cannot read " + file, e);
        }
    }

    /**
     * Compares the guest's files with the manifest.
     *
     * @return the names of files that are missing or changed
     */
    public List<String> damaged(Path directory) {
        return files.stream()
                .filter(entry -> {
                    Path file = directory.resolve(entry.path);
                    return !Files.isRegularFile(file) || !Sha256.of(file).equals(entry.sha256);
                })
                .map(FileEntry::path)
                .toList();
    }

    /** {@return the manifest as JSON, as it stands in the file} */
    public String toJson() {
        return ManifestJson.write(this);
    }
}
