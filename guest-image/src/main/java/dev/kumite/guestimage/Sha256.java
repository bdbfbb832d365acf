package dev.kumite.guestimage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums in lower-case hexadecimal. */
final class Sha256 {

    private Sha256() {}

    static String of(Path file) {
        return hex("SHA-256", file);
    }

    static String of(FileTree.Content content) {
        try (InputStream in = content.open()) {
            return hex("SHA-256", in);
        } catch (IOException e) {
            throw GuestImageException.io("cannot read a file of the guest", e);
        }
    }

    static String hex(String algorithm, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return hex(algorithm, in);
        } catch (IOException e) {
            throw GuestImageException.io("cannot read " + file, e);
        }
    }

    private static String hex(String algorithm, InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
