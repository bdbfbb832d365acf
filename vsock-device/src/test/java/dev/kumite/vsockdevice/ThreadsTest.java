package dev.kumite.vsockdevice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ThreadsTest {

    @Test
    void whatAThreadThrowsIsToldEvenAnError() throws Exception {
        List<Throwable> faults = new ArrayList<>();
        Threads threads = new Threads(faults::add);
        DeviceException exception = new DeviceException("x");
        OutOfMemoryError error = new OutOfMemoryError("y");

        threads.start("quiet", () -> {}).join();
        threads.start(
                        "exception",
                        () -> {
                            throw exception;
                        })
                .join();
        threads.start(
                        "error",
                        () -> {
                            throw error;
                        })
                .join();

        assertThat(faults).containsExactly(exception, error);
    }

    @Test
    void aThreadThatIsInterruptedEndsWithoutFault() throws Exception {
        List<Throwable> faults = new ArrayList<>();
        Thread thread = new Threads(faults::add).start("waits", () -> Thread.sleep(60_000));
        thread.interrupt();
        thread.join();

        assertThat(faults).isEmpty();
        assertThat(thread.getName()).isEqualTo("waits");
    }
}
