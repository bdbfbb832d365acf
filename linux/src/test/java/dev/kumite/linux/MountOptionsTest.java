package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MountOptionsTest {
    @Test
    void flagsAreSetAndTheRestIsData() {
        MountOptions options =
                MountOptions.parse(
                        List.of(
                                "nosuid",
                                "strictatime",
                                "mode=755",
                                "",
                                "size=65536k",
                                "defaults"));

        assertThat(options.set()).isEqualTo(Mounts.NO_SUID | Mounts.STRICT_ATIME);
        assertThat(options.clear()).isZero();
        assertThat(options.data()).isEqualTo("mode=755,size=65536k");
        assertThat(options.propagation()).isEmpty();
    }

    @Test
    void theLaterOfContraryOptionsCounts() {
        MountOptions writable = MountOptions.parse(List.of("ro", "rw"));
        MountOptions readOnly = MountOptions.parse(List.of("rw", "ro"));

        assertThat(writable.set()).isZero();
        assertThat(writable.clear()).isEqualTo(Mounts.READ_ONLY);
        assertThat(readOnly.set()).isEqualTo(Mounts.READ_ONLY);
        assertThat(readOnly.clear()).isZero();
    }

    @Test
    void propagationIsKeptInOrder() {
        MountOptions options = MountOptions.parse(List.of("rbind", "rprivate", "shared"));

        assertThat(options.set()).isEqualTo(Mounts.BIND | Mounts.RECURSIVE);
        assertThat(options.propagation())
                .containsExactly(
                        new MountOptions.Spread(Mounts.Propagation.PRIVATE, true),
                        new MountOptions.Spread(Mounts.Propagation.SHARED, false));
    }

    @Test
    void recursiveOptionsAreAttributes() {
        MountOptions options =
                MountOptions.parse(List.of("rro", "rrw", "rnosuid", "rnoatime", "rstrictatime"));

        assertThat(options.recursiveSet()).isEqualTo(0x2 | 0x20);
        assertThat(options.recursiveClear()).isEqualTo(0x1 | 0x70);
        assertThat(options.set()).isZero();
    }
}
