package dev.kumite.doors;

import dev.kumite.engine.EngineException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Asks all guests at once for their figures; one that does not answer must not keep the others'.
 */
final class GuestFigures {

    private GuestFigures() {}

    /**
     * {@return what those have said that answered in time, by their machine's identity}
     *
     * @param guests ask one, and may throw {@link EngineException}
     * @param limit for all of them together
     */
    static Map<String, String> of(Map<String, Supplier<String>> guests, Duration limit) {
        Map<String, CompletableFuture<String>> asked = new HashMap<>();
        guests.forEach((id, guest) -> {
            CompletableFuture<String> answer = new CompletableFuture<>();
            asked.put(id, answer);
            Thread.ofVirtual().name("figures of " + id).start(() -> ask(guest, answer));
        });
        long end = System.nanoTime() + limit.toNanos();
        Map<String, String> figures = new HashMap<>();
        asked.forEach((id, answer) -> {
            try {
                figures.put(id, answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (TimeoutException | ExecutionException _) {
                // It is left out.
            }
        });
        return figures;
    }

    private static void ask(Supplier<String> guest, CompletableFuture<String> answer) {
        try {
            answer.complete(guest.get());
        } catch (EngineException gone) {
            answer.completeExceptionally(gone);
        }
    }
}
