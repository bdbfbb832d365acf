package dev.kumite.guestimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a tree as an uncompressed EROFS image: a read-only file system that the kernel reads
 * straight from the disk. The same tree gives the same bytes. Confined to one thread.
 *
 * <p>Layout: one block with the superblock, the inodes, then the blocks of directories, links and
 * files in the order of the tree. Every inode is of the extended kind, because only these have a
 * time of their own.
 *
 * <p>Source: Linux, Documentation/filesystems/erofs.rst and fs/erofs/erofs_fs.h (6.1).
 */
final class ErofsWriter {

    static final int BLOCK_BYTES = 4096;
    static final int SUPERBLOCK_OFFSET = 1024;
    static final int MAGIC = 0xE0F5E1E2;
    static final int INODE_BYTES = 64;

    /** An inode's number is its place, counted in units of this many bytes. */
    static final int INODE_SLOT_BYTES = 32;

    static final int DIRENT_BYTES = 12;
    static final int FIRST_INODE_BLOCK = 1;

    private static final int TYPE_FILE = 1;
    private static final int TYPE_DIRECTORY = 2;
    private static final int TYPE_SYMLINK = 7;

    private static final int S_IFREG = 0x8000;
    private static final int S_IFDIR = 0x4000;
    private static final int S_IFLNK = 0xA000;

    /** Extended inode (bit 0), data in consecutive blocks (bits 1 to 3 are zero). */
    private static final int FORMAT_EXTENDED_PLAIN = 1;

    /** One file of the image, while it is laid out. */
    private static final class Inode {
        final int index;
        final Inode parent;
        final FileTree.Node node;
        final Map<String, Inode> children = new LinkedHashMap<>();
        byte[] data = {};
        long size;
        int block;
        int links;

        /** The root, which is its own parent. */
        Inode(FileTree.Node node) {
            this.index = 0;
            this.parent = this;
            this.node = node;
        }

        Inode(int index, Inode parent, FileTree.Node node) {
            this.index = index;
            this.parent = parent;
            this.node = node;
        }

        long number() {
            return (long) index * (INODE_BYTES / INODE_SLOT_BYTES);
        }

        int type() {
            return switch (node) {
                case FileTree.Node.Directory _ -> TYPE_DIRECTORY;
                case FileTree.Node.RegularFile _ -> TYPE_FILE;
                case FileTree.Node.Symlink _ -> TYPE_SYMLINK;
            };
        }

        int mode() {
            return switch (node) {
                case FileTree.Node.Directory(int mode) -> S_IFDIR | mode;
                case FileTree.Node.RegularFile(int mode, _) -> S_IFREG | mode;
                case FileTree.Node.Symlink _ -> S_IFLNK | 0777;
            };
        }
    }

    private final List<Inode> inodes = new ArrayList<>();
    private final long seconds;
    private int blocks;

    private ErofsWriter(FileTree tree, long seconds) {
        this.seconds = seconds;
        Map<String, Inode> byPath = new LinkedHashMap<>();
        Inode root = new Inode(new FileTree.Node.Directory(0755));
        inodes.add(root);
        tree.nodes()
                .forEach((path, node) -> {
                    int slash = path.lastIndexOf('/');
                    Inode parent = byPath.getOrDefault(path.substring(0, Math.max(0, slash)), root);
                    Inode inode = new Inode(inodes.size(), parent, node);
                    inodes.add(inode);
                    byPath.put(path, inode);
                    parent.children.put(path.substring(slash + 1), inode);
                });
        layOut();
    }

    /**
     * @param uuid the identity of the file system, 16 bytes
     * @param seconds time of modification of every file, since the epoch
     * @throws IOException if the content cannot be read or the image not written
     */
    static void write(FileTree tree, byte[] uuid, long seconds, OutputStream out)
            throws IOException {
        ErofsWriter writer = new ErofsWriter(tree, seconds);
        out.write(writer.superblock(uuid));
        for (Inode inode : writer.inodes) {
            out.write(writer.inode(inode));
        }
        pad((long) writer.inodes.size() * INODE_BYTES, out);
        for (Inode inode : writer.inodes) {
            if (inode.node instanceof FileTree.Node.RegularFile(_, FileTree.Content content)) {
                copy(content, out);
            } else {
                out.write(inode.data);
            }
            pad(inode.size, out);
        }
    }

    private void layOut() {
        long next = FIRST_INODE_BLOCK + blocksFor((long) inodes.size() * INODE_BYTES);
        for (Inode inode : inodes) {
            switch (inode.node) {
                case FileTree.Node.Directory _ -> {
                    inode.data = directory(inode);
                    inode.size = inode.data.length;
                    inode.links = 2;
                    inode.parent.links += inode.parent == inode ? 0 : 1;
                }
                case FileTree.Node.RegularFile(_, FileTree.Content content) -> {
                    inode.size = content.length();
                    inode.links = 1;
                }
                case FileTree.Node.Symlink(String target) -> {
                    inode.data = target.getBytes(StandardCharsets.UTF_8);
                    inode.size = inode.data.length;
                    inode.links = 1;
                }
            }
            inode.block = Math.toIntExact(next);
            next += blocksFor(inode.size);
        }
        blocks = Math.toIntExact(next);
    }

    /** Blocks of names, each with a table of its own; names in the order of their bytes. */
    private static byte[] directory(Inode directory) {
        Map<String, Inode> entries = new LinkedHashMap<>(directory.children);
        entries.put(".", directory);
        entries.put("..", directory.parent);
        List<Map.Entry<byte[], Inode>> sorted = new ArrayList<>();
        entries.forEach((n, i) -> sorted.add(Map.entry(n.getBytes(StandardCharsets.UTF_8), i)));
        sorted.sort((a, b) -> Arrays.compareUnsigned(a.getKey(), b.getKey()));

        java.io.ByteArrayOutputStream data = new java.io.ByteArrayOutputStream();
        for (int from = 0; from < sorted.size(); ) {
            int to = from;
            int used = 0;
            while (to < sorted.size()
                    && used + DIRENT_BYTES + sorted.get(to).getKey().length <= BLOCK_BYTES) {
                used += DIRENT_BYTES + sorted.get(to).getKey().length;
                to++;
            }
            boolean last = to == sorted.size();
            data.writeBytes(namesBlock(sorted.subList(from, to), last ? used : BLOCK_BYTES));
            from = to;
        }
        return data.toByteArray();
    }

    private static byte[] namesBlock(List<Map.Entry<byte[], Inode>> entries, int length) {
        ByteBuffer block = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        int nameAt = entries.size() * DIRENT_BYTES;
        for (Map.Entry<byte[], Inode> entry : entries) {
            block.putLong(entry.getValue().number());
            block.putShort((short) nameAt);
            block.put((byte) entry.getValue().type());
            block.put((byte) 0);
            block.put(nameAt, entry.getKey());
            nameAt += entry.getKey().length;
        }
        return block.array();
    }

    private byte[] superblock(byte[] uuid) {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        block.position(SUPERBLOCK_OFFSET);
        block.putInt(MAGIC);
        block.putInt(0); // checksum: only looked at if a feature flag says so
        block.putInt(0); // compatible features
        block.put((byte) 12); // binary logarithm of the block size
        block.put((byte) 0);
        block.putShort((short) inodes.getFirst().number());
        block.putLong(inodes.size());
        block.putLong(seconds);
        block.putInt(0);
        block.putInt(blocks);
        block.putInt(FIRST_INODE_BLOCK);
        block.putInt(0); // no shared extended attributes
        block.put(uuid, 0, 16);
        return block.array();
    }

    private byte[] inode(Inode inode) {
        ByteBuffer bytes = ByteBuffer.allocate(INODE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) FORMAT_EXTENDED_PLAIN);
        bytes.putShort((short) 0); // no extended attributes
        bytes.putShort((short) inode.mode());
        bytes.putShort((short) 0);
        bytes.putLong(inode.size);
        bytes.putInt(inode.block);
        bytes.putInt(inode.index + 1);
        bytes.putInt(0); // user
        bytes.putInt(0); // group
        bytes.putLong(seconds);
        bytes.putInt(0);
        bytes.putInt(inode.links);
        return bytes.array();
    }

    private static void copy(FileTree.Content content, OutputStream out) throws IOException {
        try (InputStream in = content.open()) {
            if (in.transferTo(out) != content.length()) {
                throw new IOException("a file changed while the image was written");
            }
        }
    }

    private static void pad(long size, OutputStream out) throws IOException {
        out.write(new byte[(int) (blocksFor(size) * BLOCK_BYTES - size)]);
    }

    private static long blocksFor(long size) {
        return Math.ceilDiv(size, BLOCK_BYTES);
    }
}
