package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VirtioFsDevicesTest {

    private static final long LONG = Duration.ofDays(1).toNanos();

    @TempDir Path sys;

    @Test
    void aDriverThatIsNotLoadedIsNotWaitedFor() {
        new VirtioFsDevices(sys.resolve("virtiofs"), LONG).await();
    }

    @Test
    void aDeviceThatComesLaterIsWaitedFor() throws Exception {
        Files.createFile(sys.resolve("bind"));
        Thread waiting = Thread.ofVirtual().start(() -> new VirtioFsDevices(sys, LONG).await());
        assertThat(waiting.join(Duration.ofMillis(50))).isFalse();

        Files.createFile(sys.resolve("virtio7"));

        waiting.join();
    }

    @Test
    void aDeviceThatNeverComesIsLeftToMounting() throws Exception {
        Files.createFile(sys.resolve("bind"));

        new VirtioFsDevices(sys, 1).await();
    }
}
