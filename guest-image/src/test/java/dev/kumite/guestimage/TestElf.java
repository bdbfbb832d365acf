package dev.kumite.guestimage;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes small but correct ELF files: programs with needs, and kernel modules. */
final class TestElf {

    private static final int CODE_BYTES = 32;

    private TestElf() {}

    /** {@return a program or library, with some bytes behind it that are not mapped} */
    static byte[] program(String interpreter, String... needed) {
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        strings.write(0);
        List<Integer> names = new ArrayList<>();
        for (String name : needed) {
            names.add(strings.size());
            strings.writeBytes((name + "\0").getBytes(StandardCharsets.UTF_8));
        }
        byte[] interp = (interpreter + "\0").getBytes(StandardCharsets.UTF_8);
        int segments = interpreter.isEmpty() ? 2 : 3;
        int interpAt = 64 + 56 * segments;
        int stringsAt = interpAt + interp.length;
        int dynamicAt = stringsAt + strings.size();
        int dynamicBytes = 16 * (names.size() + 2);
        int end = dynamicAt + dynamicBytes + CODE_BYTES;
        ByteBuffer elf = ByteBuffer.allocate(end + 100).order(ByteOrder.LITTLE_ENDIAN);
        header(elf, 64, segments);
        elf.putLong(40, end + 36).putShort(58, (short) 64).putShort(60, (short) 1);
        long base = 0x400000;
        segment(elf, 64, 1, 0, base, end);
        segment(elf, 120, 2, dynamicAt, base + dynamicAt, dynamicBytes);
        if (segments == 3) {
            segment(elf, 176, 3, interpAt, base + interpAt, interp.length);
        }
        elf.put(interpAt, interp).put(stringsAt, strings.toByteArray());
        int at = dynamicAt;
        for (int name : names) {
            elf.putLong(at, 1).putLong(at + 8, name);
            at += 16;
        }
        elf.putLong(at, 5).putLong(at + 8, base + stringsAt);
        return elf.array();
    }

    /** {@return a kernel module that describes itself with these lines} */
    static byte[] module(String... lines) {
        byte[] names = "\0.shstrtab\0.modinfo\0".getBytes(StandardCharsets.UTF_8);
        byte[] text = (String.join("\0", lines) + "\0").getBytes(StandardCharsets.UTF_8);
        int namesAt = 64;
        int textAt = namesAt + names.length;
        int tableAt = textAt + text.length;
        ByteBuffer elf = ByteBuffer.allocate(tableAt + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
        header(elf, 0, 0);
        elf.putLong(40, tableAt);
        elf.putShort(58, (short) 64).putShort(60, (short) 3).putShort(62, (short) 1);
        elf.put(namesAt, names).put(textAt, text);
        elf.putInt(tableAt + 64, 1).putLong(tableAt + 64 + 24, namesAt);
        elf.putLong(tableAt + 64 + 32, names.length);
        elf.putInt(tableAt + 128, 11).putLong(tableAt + 128 + 24, textAt);
        elf.putLong(tableAt + 128 + 32, text.length);
        return elf.array();
    }

    private static void header(ByteBuffer elf, int segmentsAt, int segments) {
        elf.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1);
        elf.putShort(18, (short) 62).putLong(32, segmentsAt);
        elf.putShort(54, (short) 56).putShort(56, (short) segments);
    }

    private static void segment(
            ByteBuffer elf, int at, int type, long offset, long address, long size) {
        elf.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, address);
        elf.putLong(at + 32, size);
    }
}
