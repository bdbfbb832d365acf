package dev.kumite.guestimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/**
 * Writes a tree as cpio archive in the format {@code newc}, which the kernel unpacks to RAM. The
 * same tree gives the same bytes: order, times, owners and inode numbers are fixed.
 *
 * <p>Source: Linux, Documentation/driver-api/early-userspace/buffer-format.rst.
 */
final class CpioWriter {

    private CpioWriter() {}

    /**
     * @param seconds time of modification of every entry, since the epoch
     * @throws IOException if the content cannot be read or the archive not written
     */
    @SuppressWarnings("OctalIntegerLiteral")
    static void write(FileTree tree, long seconds, OutputStream out) throws IOException {
        CpioArchiveOutputStream cpio = new CpioArchiveOutputStream(out, CpioConstants.FORMAT_NEW);
        long inode = 1;
        for (Map.Entry<String, FileTree.Node> e : tree.nodes().entrySet()) {
            CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, e.getKey());
            entry.setInode(inode++);
            entry.setTime(seconds);
            switch (e.getValue()) {
                case FileTree.Node.Directory(int mode) -> {
                    entry.setMode(CpioConstants.C_ISDIR | mode);
                    entry.setNumberOfLinks(2);
                    cpio.putArchiveEntry(entry);
                }
                case FileTree.Node.RegularFile(int mode, FileTree.Content content) -> {
                    entry.setMode(CpioConstants.C_ISREG | mode);
                    entry.setNumberOfLinks(1);
                    entry.setSize(content.length());
                    cpio.putArchiveEntry(entry);
                    try (InputStream in = content.open()) {
                        in.transferTo(cpio);
                    }
                }
                case FileTree.Node.Symlink(String target) -> {
                    byte[] bytes = target.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    entry.setMode(CpioConstants.C_ISLNK | 0777);
                    entry.setNumberOfLinks(1);
                    entry.setSize(bytes.length);
                    cpio.putArchiveEntry(entry);
                    cpio.write(bytes);
                }
            }
            cpio.closeArchiveEntry();
        }
        // Not close(): the stream is the caller's.
        cpio.finish();
        cpio.flush();
    }
}
