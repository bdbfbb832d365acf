package dev.kumite.guestimage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;

/**
 * Takes the plain kernel out of a compressed one. A virtual machine starts the plain one at its PVH
 * entry: neither firmware nor a decompressor runs before it, which is dear without hardware
 * virtualization.
 *
 * <p>Source: Linux, Documentation/x86/boot.rst, fields {@code setup_sects}, {@code payload_offset}
 * and {@code payload_length}.
 */
final class KernelImage {

    /** Largest kernel that is read, in bytes; Debian's are below 20 MiB. */
    private static final int MAX_KERNEL_BYTES = 64 << 20;

    /** Largest kernel that is written. */
    private static final int MAX_PLAIN_BYTES = 256 << 20;

    private static final int LZ4_LEGACY_MAGIC = 0x184C2102;

    private KernelImage() {}

    /**
     * Writes the plain kernel, if this one is compressed in a way that is known here.
     *
     * @return whether it was; if not, {@code plain} is not there
     */
    static boolean extract(Path compressed, Path plain) {
        try {
            if (Files.size(compressed) > MAX_KERNEL_BYTES) {
                return false;
            }
            Optional<ByteBuffer> payload = payload(Files.readAllBytes(compressed));
            if (payload.isEmpty()) {
                return false;
            }
            Path part = plain.resolveSibling(plain.getFileName() + ".part");
            boolean done;
            try (OutputStream out = Files.newOutputStream(part)) {
                done = decompress(payload.get(), out);
            }
            if (done && ElfFile.read(part).isPresent()) {
                Files.move(part, plain, StandardCopyOption.ATOMIC_MOVE);
                return true;
            }
            Files.delete(part);
            return false;
        } catch (IOException e) {
            throw GuestImageException.io("cannot take the kernel out of " + compressed, e);
        }
    }

    private static Optional<ByteBuffer> payload(byte[] image) {
        ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        // "HdrS", and the version of the boot protocol that brought the payload fields
        if (image.length < 1024
                || header.getInt(0x202) != 0x53726448
                || Short.toUnsignedInt(header.getShort(0x206)) < 0x208) {
            return Optional.empty();
        }
        int sectors = Byte.toUnsignedInt(header.get(0x1f1));
        long start = (sectors == 0 ? 5 : sectors + 1) * 512L;
        long from = start + Integer.toUnsignedLong(header.getInt(0x248));
        // The last four bytes are the length of what comes out.
        long length = Integer.toUnsignedLong(header.getInt(0x24c)) - 4;
        if (length < 16 || from + length > image.length) {
            return Optional.empty();
        }
        return Optional.of(
                ByteBuffer.wrap(image, (int) from, (int) length)
                        .slice()
                        .order(ByteOrder.LITTLE_ENDIAN));
    }

    private static boolean decompress(ByteBuffer payload, OutputStream out) throws IOException {
        if (payload.getInt(0) == LZ4_LEGACY_MAGIC) {
            lz4(payload.position(4), out);
            return true;
        }
        if (payload.getShort(0) == (short) 0x8b1f) {
            try (GZIPInputStream gzip = new GZIPInputStream(stream(payload, payload.remaining()))) {
                out.write(gzip.readNBytes(MAX_PLAIN_BYTES));
            }
            return true;
        }
        return false;
    }

    /**
     * The format of "lz4 -l": blocks with their compressed length before them, at most 8 MiB each.
     */
    private static void lz4(ByteBuffer payload, OutputStream out) throws IOException {
        int left = MAX_PLAIN_BYTES;
        while (payload.remaining() > 4 && left > 0) {
            int length = payload.getInt();
            if (length <= 0 || length > payload.remaining()) {
                throw new IOException("the kernel's compressed part is broken");
            }
            try (BlockLZ4CompressorInputStream block =
                    new BlockLZ4CompressorInputStream(stream(payload, length))) {
                byte[] plain = block.readNBytes(left);
                out.write(plain);
                left -= plain.length;
            }
            payload.position(payload.position() + length);
        }
    }

    private static ByteArrayInputStream stream(ByteBuffer buffer, int length) {
        return new ByteArrayInputStream(
                buffer.array(), buffer.arrayOffset() + buffer.position(), length);
    }
}
