package dev.kumite.guestimage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ElfFileTest {

    @TempDir private Path directory;

    @Test
    void readsInterpreterAndNeedsInTheOrderOfTheFile() throws IOException {
        Path file = write(TestElf.program("/lib64/ld.so", "libb.so.1", "liba.so.2"));

        ElfFile elf = ElfFile.read(file).orElseThrow();

        assertThat(elf.interpreter()).contains("/lib64/ld.so");
        assertThat(elf.needed()).containsExactly("libb.so.1", "liba.so.2");
        assertThat(elf.machine()).isEqualTo(62);
    }

    @Test
    void whatIsNoElfFileHasNoNeeds() throws IOException {
        assertThat(ElfFile.read(write("#!/bin/sh\n".repeat(20).getBytes(UTF_8)))).isEmpty();
        assertThat(ElfFile.read(write(new byte[0]))).isEmpty();
    }

    @Test
    void refusesThirtyTwoBitPrograms() throws IOException {
        byte[] program = TestElf.program("", "libc.so.6");
        program[4] = 1;
        Path file = write(program);

        assertThatThrownBy(() -> ElfFile.read(file))
                .isInstanceOf(GuestImageException.class)
                .hasMessageContaining("64-bit");
    }

    @Test
    void onlyTheMappedPartIsKept() throws IOException {
        byte[] program = TestElf.program("/ld", "libc.so.6");
        Path file = write(program);
        FileTree tree = new FileTree().program("usr/bin/tool", 0755, file);

        FileTree.Node.RegularFile node =
                (FileTree.Node.RegularFile) tree.nodes().get("usr/bin/tool");
        byte[] kept;
        try (var in = node.content().open()) {
            kept = in.readAllBytes();
        }

        assertThat(kept).hasSize(program.length - 100);
        assertThat(node.content().length()).isEqualTo(kept.length);
        ByteBuffer header = ByteBuffer.wrap(kept).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getLong(40)).as("place of the table of sections").isZero();
        assertThat(Arrays.copyOfRange(kept, 64, kept.length))
                .isEqualTo(Arrays.copyOfRange(program, 64, kept.length));
        assertThat(ElfFile.read(write(kept)).orElseThrow().needed()).containsExactly("libc.so.6");
    }

    @Test
    void brokenFilesAreRefusedAndNothingElseHappens() throws IOException {
        byte[] program = TestElf.program("/lib64/ld.so", "liba.so.1", "libb.so.1");
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] broken = program.clone();
            for (int n = random.nextInt(1, 6); n > 0; n--) {
                broken[random.nextInt(4, 220)] = (byte) random.nextInt();
            }
            Path file = write(Arrays.copyOf(broken, random.nextInt(64, broken.length)));
            try {
                ElfFile.read(file);
            } catch (GuestImageException e) {
                assertThat(e.category()).isEqualTo(GuestImageException.Category.CONTENT);
            }
        }
    }

    @Test
    void readsAProgramOfThisMachine() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");

        assertThat(ElfFile.read(java).orElseThrow().needed()).contains("libc.so.6");
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("file"), bytes);
    }
}
