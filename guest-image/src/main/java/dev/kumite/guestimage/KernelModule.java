package dev.kumite.guestimage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A loadable kernel module as it describes itself in its section {@code .modinfo}.
 *
 * <p>Debian's packages come without {@code modules.dep}: it is made on the machine where they are
 * installed. So the dependencies are read from the modules.
 *
 * @param name the name that the kernel knows it by: underscores, never hyphens
 * @param file where it lies
 * @param depends names of the modules that must be loaded first
 * @param prefers names, or aliases, of modules that should be loaded first if there are any
 * @param aliases patterns of devices and file systems for which the kernel asks for it
 */
record KernelModule(
        String name, Path file, List<String> depends, List<String> prefers, List<String> aliases) {

    KernelModule {
        depends = List.copyOf(depends);
        prefers = List.copyOf(prefers);
        aliases = List.copyOf(aliases);
    }

    /**
     * Ending of a module's file name. Compressed modules are refused: busybox reads some kinds
     * only.
     */
    static final String SUFFIX = ".ko";

    private static final int MAX_SECTION_BYTES = 1 << 20;

    /** {@return the kernel's name for the module in such a file} */
    static String nameOf(String fileName) {
        return fileName.substring(0, fileName.length() - SUFFIX.length()).replace('-', '_');
    }

    /**
     * {@return the module in a file}
     *
     * @throws GuestImageException if it cannot be read or is none
     */
    static KernelModule read(Path file) {
        List<String> depends = new ArrayList<>();
        List<String> prefers = new ArrayList<>();
        List<String> aliases = new ArrayList<>();
        for (String line : modinfo(file).split("\0", -1)) {
            if (line.startsWith("depends=")) {
                addNames(line.substring("depends=".length()), ",", depends);
            } else if (line.startsWith("softdep=pre:")) {
                addNames(line.substring("softdep=pre:".length()).trim(), " ", prefers);
            } else if (line.startsWith("alias=")) {
                aliases.add(line.substring("alias=".length()));
            }
        }
        return new KernelModule(
                nameOf(file.getFileName().toString()), file, depends, prefers, aliases);
    }

    private static void addNames(String list, String separator, List<String> names) {
        for (String name : list.split(separator, -1)) {
            if (name.equals("post:")) {
                return;
            }
            if (!name.isEmpty()) {
                names.add(name.replace('-', '_'));
            }
        }
    }

    private static String modinfo(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer header = ElfFile.bytes(channel, 0, 64);
            if (header.getInt(0) != 0x464c457f || header.get(4) != 2 || header.get(5) != 1) {
                throw new IllegalArgumentException("it is not a 64-bit ELF file");
            }
            int entryBytes = Short.toUnsignedInt(header.getShort(58));
            int count = Short.toUnsignedInt(header.getShort(60));
            int namesIndex = Short.toUnsignedInt(header.getShort(62));
            ByteBuffer table =
                    ElfFile.bytes(channel, header.getLong(40), (long) entryBytes * count);
            ByteBuffer names = section(channel, table, namesIndex * entryBytes);
            for (int i = 0; i < count; i++) {
                if (ElfFile.text(names, table.getInt(i * entryBytes)).equals(".modinfo")) {
                    ByteBuffer text = section(channel, table, i * entryBytes);
                    return StandardCharsets.UTF_8.decode(text).toString();
                }
            }
            throw new IllegalArgumentException("it has no section .modinfo");
        } catch (EOFException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw GuestImageException.content(file + " is no kernel module: " + e.getMessage());
        } catch (IOException e) {
            throw GuestImageException.io("cannot read " + file, e);
        }
    }

    private static ByteBuffer section(FileChannel channel, ByteBuffer table, int at)
            throws IOException {
        long length = table.getLong(at + 32);
        if (length > MAX_SECTION_BYTES) {
            throw new IllegalArgumentException("a section of " + length + " bytes");
        }
        return ElfFile.bytes(channel, table.getLong(at + 24), length);
    }
}
