package dev.kumite.guestimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelModulesTest {

    @TempDir private Path directory;

    @BeforeEach
    void modules() throws IOException {
        module("virtio/virtio_ring", "depends=");
        module("virtio/virtio", "depends=virtio_ring");
        module("block/virtio_blk", "alias=virtio:d00000002v*", "depends=virtio,virtio_ring");
        module(
                "fs/erofs",
                "alias=fs-erofs",
                "softdep=pre: crc32c post: later",
                "depends=libcrc32c");
        module("lib/libcrc32c", "softdep=pre: crc32c-fast", "depends=");
        module("crypto/crc32c-fast", "depends=");
        module("fs/circle", "depends=wheel");
        module("fs/wheel", "depends=circle");
        module("fs/orphan", "depends=gone");
        Files.writeString(
                directory.resolve("modules.builtin"),
                "kernel/fs/ext4/ext4.ko\nkernel/lib/x-y.ko\n");
    }

    @Test
    void everyModuleComesAfterThoseThatItNeeds() {
        assertThat(order("virtio_blk", "erofs"))
                .containsExactly(
                        "virtio_ring", "virtio", "virtio_blk", "crc32c_fast", "libcrc32c", "erofs");
    }

    @Test
    void anAlgorithmThatIsPreferredComesInItsPortableForm() throws IOException {
        module("fs/summed", "softdep=pre: crc64", "depends=");
        module("crypto/crc64_generic", "alias=crypto-crc64", "depends=");

        assertThat(order("summed")).containsExactly("crc64_generic", "summed");
    }

    @Test
    void whatIsBuiltInIsNotLoaded() {
        assertThat(order("ext4", "x_y")).isEmpty();
        assertThat(KernelModules.in(directory).has("ext4")).isTrue();
        assertThat(KernelModules.in(directory).has("btrfs")).isFalse();
    }

    @Test
    void aCircleEnds() {
        assertThat(order("circle")).containsExactly("wheel", "circle");
    }

    @Test
    void saysWhichModuleIsMissingAndWhoNeedsIt() {
        assertThatThrownBy(() -> order("orphan"))
                .isInstanceOf(GuestImageException.class)
                .hasMessageContaining("no module gone, which orphan needs");
    }

    @Test
    void modprobeFindsThemByTheTables() throws IOException {
        KernelModules modules = KernelModules.in(directory);
        FileTree tree = new FileTree();

        modules.install(modules.loadOrder(List.of("virtio_blk", "erofs")), tree, "lib/modules/1");

        assertThat(text(tree, "lib/modules/1/modules.dep"))
                .contains("virtio_blk.ko: virtio.ko virtio_ring.ko\n")
                .contains("virtio_ring.ko:\n")
                .contains("libcrc32c.ko: crc32c-fast.ko\n");
        assertThat(text(tree, "lib/modules/1/modules.alias"))
                .isEqualTo("alias virtio:d00000002v* virtio_blk\nalias fs-erofs erofs\n");
    }

    @Test
    void whatIsNoModuleIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("kernel/fs/text.ko"), "x".repeat(100));

        assertThatThrownBy(() -> KernelModule.read(file))
                .isInstanceOf(GuestImageException.class)
                .hasMessageContaining("text.ko is no kernel module");
    }

    private List<String> order(String... names) {
        return KernelModules.in(directory).loadOrder(List.of(names)).stream()
                .map(KernelModule::name)
                .toList();
    }

    private static String text(FileTree tree, String path) throws IOException {
        FileTree.Node.RegularFile file = (FileTree.Node.RegularFile) tree.nodes().get(path);
        try (var in = file.content().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void module(String path, String... lines) throws IOException {
        Path file = directory.resolve("kernel").resolve(path + ".ko");
        Files.createDirectories(file.getParent());
        Files.write(file, TestElf.module(lines));
    }
}
