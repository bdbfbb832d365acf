package dev.kumite.guestimage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;

/** Makes files with the header of a compressed Linux kernel. */
final class TestKernel {

    private TestKernel() {}

    static byte[] lz4(byte[] plain, int blockBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(littleEndian(0x184C2102));
        for (int from = 0; from < plain.length; from += blockBytes) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            try (var lz4 = new BlockLZ4CompressorOutputStream(block)) {
                lz4.write(
                        Arrays.copyOfRange(plain, from, Math.min(plain.length, from + blockBytes)));
            }
            out.writeBytes(littleEndian(block.size()));
            out.writeBytes(block.toByteArray());
        }
        return image(out.toByteArray(), plain.length);
    }

    static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return image(out.toByteArray(), plain.length);
    }

    static byte[] image(byte[] payload, int plainBytes) {
        int sectors = 3;
        int start = (sectors + 1) * 512;
        ByteBuffer image =
                ByteBuffer.allocate(start + 0x40 + payload.length + 4 + 100)
                        .order(ByteOrder.LITTLE_ENDIAN);
        image.put(0x1f1, (byte) sectors).putInt(0x202, 0x53726448).putShort(0x206, (short) 0x20f);
        image.putInt(0x248, 0x40).putInt(0x24c, payload.length + 4);
        image.put(start + 0x40, payload).putInt(start + 0x40 + payload.length, plainBytes);
        return image.array();
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    }
}
