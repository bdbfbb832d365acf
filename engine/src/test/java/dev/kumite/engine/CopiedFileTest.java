package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.agentprotocol.messages.CopyFileRequest;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopiedFileTest {

    private static final String SHARE = "/run/kata-containers/shared/containers/";

    @TempDir Path directory;

    private List<CopyFileRequest> send(Path source) throws IOException {
        List<CopyFileRequest> sent = new ArrayList<>();
        new CopiedFile(source, "c-x").check();
        new CopiedFile(source, "c-x").send(sent::add);
        return sent;
    }

    private void isRefused(Path source, String why) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new CopiedFile(source, "c-x").check())
                .withMessageContaining(why);
    }

    @Test
    void copiesAFileWithItsModeAndOwner() throws IOException {
        Path file = Files.writeString(directory.resolve("hosts"), "::1 localhost\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        CopyFileRequest request = send(file).getFirst();

        assertThat(request.getPath()).isEqualTo(SHARE + "c-x");
        assertThat(request.getFileMode()).isEqualTo(0100640);
        assertThat(request.getDirMode()).isEqualTo(0755);
        assertThat(request.getUid()).isEqualTo(Files.getAttribute(file, "unix:uid"));
        assertThat(request.getFileSize()).isEqualTo(14);
        assertThat(request.getData().toStringUtf8()).isEqualTo("::1 localhost\n");
    }

    @Test
    void copiesAnEmptyFileByOneMessage() throws IOException {
        assertThat(send(Files.createFile(directory.resolve("empty"))))
                .singleElement()
                .satisfies(request -> assertThat(request.getFileSize()).isZero());
    }

    @Test
    void cutsAFileIntoPiecesThatFollowOneAnother() throws IOException {
        byte[] content = new byte[2 * CopiedFile.PIECE_BYTES + 3];
        content[content.length - 1] = 7;
        Path file = Files.write(directory.resolve("large"), content);

        List<CopyFileRequest> sent = send(file);

        assertThat(sent)
                .extracting(CopyFileRequest::getOffset)
                .containsExactly(0L, 1L << 20, 2L << 20);
        assertThat(sent.getLast().getData().toByteArray()).containsExactly(0, 0, 7);
        assertThat(sent).allMatch(request -> request.getFileSize() == content.length);
    }

    @Test
    void copiesADirectoryBeforeWhatIsInItAndLinksAsLinks() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("b"), "b");
        Files.createSymbolicLink(data.resolve("a"), Path.of("b"));

        List<CopyFileRequest> sent = send(data);

        assertThat(sent)
                .extracting(CopyFileRequest::getPath)
                .containsExactly(SHARE + "c-x", SHARE + "c-x/a", SHARE + "c-x/b");
        assertThat(sent.get(0).getFileMode() & 0170000).isEqualTo(0040000);
        assertThat(sent.get(1).getFileMode() & 0170000).isEqualTo(0120000);
        assertThat(sent.get(1).getData().toStringUtf8()).isEqualTo("b");
    }

    @Test
    void followsALinkThatIsTheSourceItself() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "content");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        assertThat(send(link).getFirst().getData().toStringUtf8()).isEqualTo("content");
    }

    @Test
    void refusesWhatIsTooLargeWithoutReadingIt() throws IOException {
        Path file = directory.resolve("huge");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), CopiedFile.MOST_BYTES);
        }

        isRefused(file, "more than 16 MiB");
    }

    @Test
    void refusesTooManyFilesAndTooManyLevels() throws IOException {
        Path many = Files.createDirectory(directory.resolve("many"));
        for (int i = 0; i < CopiedFile.MOST_ENTRIES; i++) {
            Files.createFile(many.resolve("f" + i));
        }
        Path deep = directory.resolve("deep");
        Files.createDirectories(Path.of(deep + "/d".repeat(CopiedFile.MOST_LEVELS)));

        isRefused(many, "more than 1000 files");
        isRefused(deep, "more than 16 levels of directories");
    }

    @Test
    void refusesASocketInADirectory() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(directory.resolve("socket")));

            isRefused(directory, "\"socket\" is neither a file nor a directory nor a link");
        }
    }
}
