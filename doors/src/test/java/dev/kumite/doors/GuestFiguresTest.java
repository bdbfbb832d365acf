package dev.kumite.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.engine.EngineException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class GuestFiguresTest {

    @Test
    void hasAllThatAnswer() {
        Map<String, Supplier<String>> guests = new HashMap<>();
        guests.put("a", () -> "figures of a");
        guests.put("b", () -> "figures of b");
        guests.put(
                "gone",
                () -> {
                    throw EngineException.of(EngineException.Category.CLOSED, "it has ended", "");
                });

        assertThat(GuestFigures.of(guests, Duration.ofMinutes(1)))
                .containsOnly(Map.entry("a", "figures of a"), Map.entry("b", "figures of b"));
    }

    @Test
    void doesNotWaitForOneThatHangs() {
        CountDownLatch end = new CountDownLatch(1);
        Supplier<String> hanging =
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException told) {
                        Thread.currentThread().interrupt();
                    }
                    return "late";
                };

        assertThat(GuestFigures.of(Map.of("a", hanging), Duration.ofMillis(20))).isEmpty();
        end.countDown();
    }
}
