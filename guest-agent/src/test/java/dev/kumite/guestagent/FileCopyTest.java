package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.kumite.agentprotocol.messages.CopyFileRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileCopyTest {

    @TempDir private Path directory;
    private Path base;

    @BeforeEach
    void makeBase() throws IOException {
        assumeTrue(Files.isWritable(Path.of("/proc/1/oom_score_adj")), "not root");
        base = directory.resolve("base");
    }

    private void copy(CopyFileRequest.Builder request) {
        new FileCopy(base).copy(request.build());
    }

    private CopyFileRequest.Builder piece(String path, long size, long offset, String data) {
        return CopyFileRequest.newBuilder()
                .setPath(path)
                .setFileSize(size)
                .setFileMode(0100640)
                .setDirMode(0750)
                .setUid(3)
                .setGid(4)
                .setOffset(offset)
                .setData(ByteString.copyFromUtf8(data));
    }

    @Test
    void putsPiecesTogether() throws IOException {
        String file = base + "/a/b/file";

        copy(piece(file, 6, 0, "abc"));
        assertThat(Path.of(file)).doesNotExist();
        copy(piece(file, 6, 3, "def"));

        assertThat(Path.of(file)).hasContent("abcdef");
        assertThat(Files.getAttribute(Path.of(file), "unix:mode")).isEqualTo(0100640);
        assertThat(Files.getAttribute(Path.of(file), "unix:uid")).isEqualTo(3);
        assertThat(Files.getAttribute(base.resolve("a/b"), "unix:mode")).isEqualTo(0040750);
    }

    @Test
    void replacesFilesAndMakesDirectoriesAndLinks() throws IOException {
        copy(piece(base + "/file", 1, 0, "a"));
        copy(piece(base + "/file", 1, 0, "b"));
        copy(piece(base + "/dir", 0, 0, "").setFileMode(0040711));
        copy(piece(base + "/link", 0, 0, "target").setFileMode(0120777));

        assertThat(base.resolve("file")).hasContent("b");
        assertThat(Files.getAttribute(base.resolve("dir"), "unix:mode")).isEqualTo(0040711);
        assertThat(Files.readSymbolicLink(base.resolve("link"))).hasToString("target");
    }

    @Test
    void refusesPathsOutside() {
        for (String path : new String[] {"/etc/x", base + "/../x", base.toString(), "x", "/"}) {
            assertThatThrownBy(() -> copy(piece(path, 1, 0, "a")))
                    .hasMessageContaining("copied only below");
        }
    }

    @Test
    void doesNotFollowLinks() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createDirectory(base);
        Files.createSymbolicLink(base.resolve("dir"), outside);
        Files.createFile(outside.resolve("file"));
        Files.createSymbolicLink(base.resolve("file"), outside.resolve("file"));

        assertThatThrownBy(() -> copy(piece(base + "/dir/x", 1, 0, "a")))
                .hasMessageContaining("no directory");
        copy(piece(base + "/file", 1, 0, "a"));

        assertThat(outside.resolve("x")).doesNotExist();
        assertThat(outside.resolve("file")).isEmptyFile();
        assertThat(base.resolve("file")).hasContent("a");
        assertThat(Files.isSymbolicLink(base.resolve("file"))).isFalse();
    }

    @Test
    void refusesPiecesThatDoNotFit() {
        assertThatThrownBy(() -> copy(piece(base + "/f", 1, 0, "ab"))).hasMessageContaining("fit");
        assertThatThrownBy(() -> copy(piece(base + "/f", 9, 5, "ab")))
                .hasMessageContaining("before the first");
        copy(piece(base + "/f", 9, 0, "ab"));
        assertThatThrownBy(() -> copy(piece(base + "/f", 9, 5, "ab")))
                .hasMessageContaining("does not follow");
        assertThatThrownBy(() -> copy(piece(base + "/p", 0, 0, "").setFileMode(0010600)))
                .hasMessageContaining("only files");
    }
}
