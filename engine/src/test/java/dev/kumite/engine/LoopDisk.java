package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An image of an ext4 file system, and a loop device for it. Needs Debian's e2fsprogs.
 *
 * @param image the file
 * @param device the block device
 */
record LoopDisk(Path image, Path device) implements AutoCloseable {

    private static final long SIZE = 32L << 20;

    /** {@return a disk that holds what is in a directory} */
    static LoopDisk of(Path image, Path content) throws Exception {
        image(image, content);
        String device = run("losetup", "--find", "--show", image.toString()).strip();
        return new LoopDisk(image, Path.of(device));
    }

    /** Makes an image that holds what is in a directory. */
    static void image(Path image, Path content) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(SIZE);
        }
        run("mke2fs", "-q", "-t", "ext4", "-d", content.toString(), image.toString());
    }

    /** {@return a root file system on it} */
    RootDevice root(String... options) {
        return new RootDevice(device, "ext4", List.of(options));
    }

    /** {@return what is in a file of an image that no machine has} */
    static String text(Path image, String file) throws Exception {
        return run("debugfs", "-R", "cat " + file, image.toString());
    }

    /** {@return what is wrong with the file system, and what its journal would mend} */
    static String check(Path image) throws Exception {
        return run("e2fsck", "-f", "-n", image.toString());
    }

    static String run(String... command) throws Exception {
        Path errors = Files.createTempFile("kumite-loop-", ".err");
        try {
            Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
            return output;
        } finally {
            Files.delete(errors);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            String _ = run("losetup", "--detach", device.toString());
        } catch (Exception e) {
            throw new IOException("cannot detach " + device, e);
        }
    }
}
