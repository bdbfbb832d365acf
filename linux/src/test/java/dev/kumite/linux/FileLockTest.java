package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileLockTest {
    @TempDir Path directory;

    @Test
    void anExclusiveLockKeepsOthersOutUntilItIsClosed() {
        Path path = directory.resolve("lock");
        try (FileLock lock = FileLock.tryAcquire(path, FileLock.Mode.EXCLUSIVE).orElseThrow()) {
            assertThat(FileLock.tryAcquire(path, FileLock.Mode.EXCLUSIVE)).isEmpty();
            assertThat(FileLock.tryAcquire(path, FileLock.Mode.SHARED)).isEmpty();
            assertThat(lock.fd().isClosed()).isFalse();
        }
        FileLock.tryAcquire(path, FileLock.Mode.EXCLUSIVE).orElseThrow().close();
        assertThat(path).exists();
    }

    @Test
    void sharedLocksLetEachOtherIn() {
        Path path = directory.resolve("lock");
        try (FileLock first = FileLock.tryAcquire(path, FileLock.Mode.SHARED).orElseThrow();
                FileLock second = FileLock.tryAcquire(path, FileLock.Mode.SHARED).orElseThrow()) {
            assertThat(FileLock.tryAcquire(path, FileLock.Mode.EXCLUSIVE)).isEmpty();
            assertThat(first.fd().number()).isNotEqualTo(second.fd().number());
        }
    }

    @Test
    void anotherProcessIsKeptOutAndItsDeathLetsUsIn() throws Exception {
        Path path = directory.resolve("lock");
        Files.createFile(path);
        Process holder =
                new ProcessBuilder("flock", path.toString(), "sh", "-c", "echo held; exec sleep 60")
                        .start();
        try {
            assertThat(holder.getInputStream().read()).isEqualTo('h');
            assertThat(FileLock.tryAcquire(path, FileLock.Mode.EXCLUSIVE)).isEmpty();
            assertThatThrownBy(() ->
                            FileLock.acquire(path, FileLock.Mode.SHARED, Duration.ofMillis(20)))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
        } finally {
            holder.descendants().forEach(ProcessHandle::destroyForcibly);
            holder.destroyForcibly();
        }
        FileLock.acquire(path, FileLock.Mode.EXCLUSIVE, Duration.ofSeconds(10)).close();
    }

    @Test
    void aWaitEndsWhenTheThreadIsInterrupted() throws Exception {
        Path path = directory.resolve("lock");
        CompletableFuture<Errno> outcome = new CompletableFuture<>();
        try (FileLock lock = FileLock.tryAcquire(path, FileLock.Mode.EXCLUSIVE).orElseThrow()) {
            Thread waiter =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    FileLock.acquire(
                                                    path,
                                                    FileLock.Mode.EXCLUSIVE,
                                                    Duration.ofDays(1))
                                            .close();
                                } catch (LinuxException failure) {
                                    outcome.complete(failure.errno());
                                }
                            });
            waiter.interrupt();

            assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(Errno.EINTR);
            assertThat(lock.fd().isClosed()).isFalse();
        }
    }

    @Test
    void aLinkIsNotFollowed() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("file"));

        assertThatThrownBy(() -> FileLock.tryAcquire(link, FileLock.Mode.SHARED))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ELOOP));
    }
}
