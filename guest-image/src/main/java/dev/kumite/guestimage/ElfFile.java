package dev.kumite.guestimage;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a 64-bit little-endian ELF file needs to run, read from the file itself and without running
 * it.
 *
 * <p>Source: System V ABI, chapters 4 and 5 (Object Files, Program Loading and Dynamic Linking).
 *
 * @param machine the processor, as the file's {@code e_machine}
 * @param interpreter the program interpreter (DT_INTERP); empty for libraries and static programs
 * @param needed sonames of the libraries (DT_NEEDED), in the order of the file
 * @param loadedBytes length of the beginning of the file that is mapped at run time; what follows
 *     are symbols and the table of sections
 */
record ElfFile(int machine, Optional<String> interpreter, List<String> needed, long loadedBytes) {

    ElfFile {
        needed = List.copyOf(needed);
    }

    private static final int HEADER_BYTES = 64;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;
    private static final long DT_NEEDED = 1;
    private static final long DT_STRTAB = 5;

    /** Largest table or string table that is read, in bytes; libjvm.so's is below 1 MiB. */
    private static final int MAX_TABLE_BYTES = 16 << 20;

    private static final int MAX_NAME_BYTES = 4096;

    /** The first bytes of a stream. */
    private static final class FirstBytes extends FilterInputStream {
        private long left;

        FirstBytes(InputStream in, long count) {
            super(in);
            left = count;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = left == 0 ? -1 : super.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(n, 0);
            return n;
        }
    }

    private record Segment(int type, long offset, long address, long fileSize) {}

    /**
     * {@return what the file needs, or nothing if it is no ELF file}
     *
     * @throws GuestImageException if it is one, but broken or for another kind of machine
     */
    static Optional<ElfFile> read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < HEADER_BYTES) {
                return Optional.empty();
            }
            ByteBuffer header = bytes(channel, 0, HEADER_BYTES);
            if (header.getInt(0) != 0x464c457f) {
                return Optional.empty();
            }
            // EI_CLASS and EI_DATA
            if (header.get(4) != 2 || header.get(5) != 1) {
                throw GuestImageException.content(file + " is not a 64-bit little-endian program");
            }
            return Optional.of(read(channel, header));
        } catch (EOFException
                | ArithmeticException
                | IndexOutOfBoundsException
                | IllegalArgumentException e) {
            throw GuestImageException.content(file + " is a broken ELF file: " + e.getMessage());
        } catch (IOException e) {
            throw GuestImageException.io("cannot read " + file, e);
        }
    }

    /** {@return the beginning of a file, with a header that names no sections} */
    static InputStream openMapped(Path file, long length) throws IOException {
        InputStream in = Files.newInputStream(file);
        byte[] start = in.readNBytes(HEADER_BYTES);
        ByteBuffer header = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(40, 0); // e_shoff
        header.putShort(60, (short) 0); // e_shnum
        header.putShort(62, (short) 0); // e_shstrndx
        return new SequenceInputStream(
                new ByteArrayInputStream(start), new FirstBytes(in, length - HEADER_BYTES));
    }

    private static ElfFile read(FileChannel channel, ByteBuffer header) throws IOException {
        List<Segment> segments = segments(channel, header);
        Optional<String> interpreter = Optional.empty();
        List<String> needed = List.of();
        long loaded = HEADER_BYTES;
        for (Segment segment : segments) {
            if (segment.type == PT_INTERP) {
                interpreter =
                        Optional.of(text(bytes(channel, segment.offset, segment.fileSize), 0));
            } else if (segment.type == PT_DYNAMIC) {
                needed = needed(channel, segment, segments);
            }
            // Notes and the like lie inside of what is loaded, but nothing demands it.
            loaded = Math.max(loaded, Math.addExact(segment.offset, segment.fileSize));
        }
        return new ElfFile(
                Short.toUnsignedInt(header.getShort(18)),
                interpreter,
                needed,
                Math.min(loaded, channel.size()));
    }

    private static List<Segment> segments(FileChannel channel, ByteBuffer header)
            throws IOException {
        long offset = header.getLong(32);
        int entryBytes = Short.toUnsignedInt(header.getShort(54));
        int count = Short.toUnsignedInt(header.getShort(56));
        ByteBuffer table = bytes(channel, offset, (long) entryBytes * count);
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = i * entryBytes;
            segments.add(
                    new Segment(
                            table.getInt(at),
                            table.getLong(at + 8),
                            table.getLong(at + 16),
                            table.getLong(at + 32)));
        }
        return segments;
    }

    private static List<String> needed(FileChannel channel, Segment dynamic, List<Segment> segments)
            throws IOException {
        ByteBuffer entries = bytes(channel, dynamic.offset, dynamic.fileSize);
        List<Long> names = new ArrayList<>();
        long stringsAddress = -1;
        for (int at = 0; at + 16 <= entries.limit(); at += 16) {
            long tag = entries.getLong(at);
            if (tag == DT_NEEDED) {
                names.add(entries.getLong(at + 8));
            } else if (tag == DT_STRTAB) {
                stringsAddress = entries.getLong(at + 8);
            } else if (tag == 0) {
                break;
            }
        }
        List<String> needed = new ArrayList<>();
        for (long name : names) {
            long offset = Math.addExact(fileOffset(stringsAddress, segments), name);
            long length = Math.min(MAX_NAME_BYTES, channel.size() - offset);
            needed.add(text(bytes(channel, offset, length), 0));
        }
        return needed;
    }

    private static long fileOffset(long address, List<Segment> segments) {
        for (Segment s : segments) {
            if (s.type == PT_LOAD && address >= s.address && address - s.address < s.fileSize) {
                return address - s.address + s.offset;
            }
        }
        throw new IllegalArgumentException("its string table is in no segment");
    }

    static String text(ByteBuffer buffer, int start) {
        int end = start;
        while (buffer.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end - start];
        buffer.get(start, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    static ByteBuffer bytes(FileChannel channel, long offset, long length) throws IOException {
        if (offset < 0 || length < 0 || length > MAX_TABLE_BYTES) {
            throw new IllegalArgumentException("a table of " + length + " bytes at " + offset);
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new EOFException("a table ends after the end of the file");
            }
        }
        return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
    }
}
