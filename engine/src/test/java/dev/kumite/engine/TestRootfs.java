package dev.kumite.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A root file system with busybox, for containers of tests. */
final class TestRootfs {

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private TestRootfs() {}

    /**
     * {@return the directory, with the program and a link for each of its names}
     *
     * <p>Needs Debian's busybox-static: the program must run without libraries.
     */
    static Path make(Path directory) {
        try {
            for (String name :
                    List.of(
                            "bin", "dev", "etc", "proc", "root", "sys", "tmp", "var", "run",
                            "home")) {
                Files.createDirectories(directory.resolve(name));
            }
            Files.copy(BUSYBOX, directory.resolve("bin/busybox"));
            for (String applet : applets()) {
                Path link = directory.resolve("bin").resolve(applet);
                if (!Files.exists(link)) {
                    Files.createSymbolicLink(link, Path.of("busybox"));
                }
            }
            Files.writeString(
                    directory.resolve("etc/passwd"),
                    "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home:/bin/sh\n");
            Files.writeString(directory.resolve("etc/group"), "root:x:0:\nuser:x:1000:\n");
            return directory;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> applets() throws IOException {
        Process list = new ProcessBuilder(BUSYBOX.toString(), "--list").start();
        try (var out = list.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
