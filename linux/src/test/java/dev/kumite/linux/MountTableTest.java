package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MountTableTest {
    private static final String LINE =
            "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue\n";

    @Test
    void theManualsExampleIsReadFieldByField() {
        MountTable.Entry entry = MountTable.parse(LINE).entries().getFirst();

        assertThat(entry.id()).isEqualTo(36);
        assertThat(entry.parent()).isEqualTo(35);
        assertThat(entry.major()).isEqualTo(98);
        assertThat(entry.minor()).isZero();
        assertThat(entry.root()).isEqualTo("/mnt1");
        assertThat(entry.mountPoint()).isEqualTo(Path.of("/mnt2"));
        assertThat(entry.options()).containsExactly("rw", "noatime");
        assertThat(entry.masterGroup()).isEqualTo(OptionalInt.of(1));
        assertThat(entry.sharedGroup()).isEqualTo(OptionalInt.of(7));
        assertThat(entry.unbindable()).isFalse();
        assertThat(entry.type()).isEqualTo("ext3");
        assertThat(entry.source()).isEqualTo("/dev/root");
        assertThat(entry.superOptions()).containsExactly("rw", "errors=continue");
        assertThat(entry.isReadOnly()).isFalse();
    }

    @Test
    void blanksTabsLineEndsAndBackslashesInPathsAreDecoded() {
        String line =
                "1 2 0:3 / /a\\040b\\011c\\012d\\134e\\303\\244 ro unbindable - tmpfs none rw\n";

        MountTable.Entry entry = MountTable.parse(line).entries().getFirst();

        assertThat(entry.mountPoint()).isEqualTo(Path.of("/a b\tc\nd\\eä"));
        assertThat(entry.unbindable()).isTrue();
        assertThat(entry.isReadOnly()).isTrue();
    }

    @Test
    void whatOnlyLooksLikeAnEscapeStays() {
        assertThat(MountTable.decode("\\04")).isEqualTo("\\04");
        assertThat(MountTable.decode("\\089")).isEqualTo("\\089");
        assertThat(MountTable.decode("\\400")).isEqualTo("\\400");
        assertThat(MountTable.decode("\\")).isEqualTo("\\");
    }

    @Test
    void emptySourcesAndTagsOfLaterKernelsAreAccepted() {
        String line = "1 2 0:3 / /a rw propagate_from:2 later - tmpfs  rw";

        assertThat(MountTable.parse(line).entries().getFirst().source()).isEmpty();
    }

    @Test
    void laterMountsCoverEarlierOnesAndAreUnmountedFirst() {
        MountTable table =
                MountTable.parse(
                        """
                        1 0 0:1 / / rw - ext4 a rw
                        2 1 0:2 / /x rw - ext4 b rw
                        3 2 0:3 / /x/y rw - ext4 c rw
                        4 2 0:4 / /x rw - ext4 d rw
                        5 1 0:5 / /xy rw - ext4 e rw
                        """);

        assertThat(table.at(Path.of("/x")).orElseThrow().id()).isEqualTo(4);
        assertThat(table.at(Path.of("/z"))).isEmpty();
        assertThat(table.below(Path.of("/x")))
                .extracting(MountTable.Entry::id)
                .containsExactly(4, 3, 2);
        assertThat(table.below(Path.of("/x/../x/y/")))
                .extracting(MountTable.Entry::id)
                .containsExactly(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "1 2 0:3 / /a rw - tmpfs none",
                "1 2 0:3 / /a rw shared:1 tmpfs none rw",
                "x 2 0:3 / /a rw - tmpfs none rw",
                "1 2 03 / /a rw - tmpfs none rw",
                "1 2 0:3 / /a rw shared:x - tmpfs none rw",
                "1 2 0:3 / /a\\000 rw - tmpfs none rw",
                "99999999999 2 0:3 / /a rw - tmpfs none rw"
            })
    void linesThatTheKernelWouldNotWriteAreRefused(String line) {
        assertThatThrownBy(() -> MountTable.parse(line))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBADMSG));
    }

    @Test
    void damagedLinesGiveATableOrARefusalAndNothingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(LINE);
            for (int change = random.nextInt(4); change >= 0; change--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
            }
            try {
                assertThat(MountTable.parse(text.toString()).entries()).isNotNull();
            } catch (LinuxException refusal) {
                assertThat(refusal.errno()).as("seed " + seed).isEqualTo(Errno.EBADMSG);
            }
        }
    }

    @Test
    void theTableOfThisProcessHasARootAndProc() {
        MountTable table = MountTable.read();

        assertThat(table.at(Path.of("/"))).isPresent();
        assertThat(table.at(Path.of("/proc")).orElseThrow().type()).isEqualTo("proc");
        assertThat(MountTable.read((int) ProcessHandle.current().pid()).entries())
                .hasSameSizeAs(table.entries());
    }
}
