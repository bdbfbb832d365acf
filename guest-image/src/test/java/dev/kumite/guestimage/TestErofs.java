package dev.kumite.guestimage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads EROFS images of the kind that the writer makes, by the kernel's rules. */
final class TestErofs {

    /** One file; {@code text} is the content, a link's target, or the names in a directory. */
    record Entry(int mode, long seconds, int links, String text) {}

    private final ByteBuffer image;
    private final Map<String, Entry> entries = new TreeMap<>();

    private TestErofs(byte[] bytes) {
        image = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static Map<String, Entry> read(byte[] bytes) {
        TestErofs erofs = new TestErofs(bytes);
        if (erofs.image.getInt(1024) != 0xE0F5E1E2 || erofs.image.get(1036) != 12) {
            throw new IllegalArgumentException("no superblock");
        }
        if (erofs.image.getInt(1024 + 36) * 4096L != bytes.length) {
            throw new IllegalArgumentException("the number of blocks is wrong");
        }
        erofs.inode("/", Short.toUnsignedLong(erofs.image.getShort(1038)));
        return erofs.entries;
    }

    private void inode(String path, long number) {
        int at = image.getInt(1024 + 40) * 4096 + Math.toIntExact(number * 32);
        int mode = Short.toUnsignedInt(image.getShort(at + 4));
        int size = Math.toIntExact(image.getLong(at + 8));
        byte[] data = new byte[size];
        image.get(image.getInt(at + 16) * 4096, data);
        boolean directory = (mode & 0xF000) == 0x4000;
        List<String> names = new ArrayList<>();
        if (directory) {
            for (int block = 0; block < size; block += 4096) {
                names.addAll(
                        names(path, Arrays.copyOfRange(data, block, Math.min(size, block + 4096))));
            }
        }
        String text =
                directory ? String.join(" ", names) : new String(data, StandardCharsets.UTF_8);
        entries.put(path, new Entry(mode, image.getLong(at + 32), image.getInt(at + 44), text));
    }

    private List<String> names(String path, byte[] bytes) {
        ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int count = block.getShort(8) / 12;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int from = block.getShort(i * 12 + 8);
            int to = i + 1 < count ? block.getShort(i * 12 + 20) : bytes.length;
            String name = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            int end = name.indexOf('\0');
            name = end < 0 ? name : name.substring(0, end);
            names.add(name);
            if (!name.equals(".") && !name.equals("..")) {
                inode((path.equals("/") ? "" : path) + "/" + name, block.getLong(i * 12));
            }
        }
        return names;
    }
}
