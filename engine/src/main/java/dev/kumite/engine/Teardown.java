package dev.kumite.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Releases one thing after the other, whatever fails. Confined to one thread, which is not
 * interrupted meanwhile: an interrupt that came before, or comes, is kept for later.
 */
final class Teardown {

    private final @Nullable RecordWriter record;
    private final List<String> failures = new ArrayList<>();
    private boolean interrupted = Thread.interrupted();

    /**
     * @param record gets a line for each failure; null if there is none
     */
    Teardown(@Nullable RecordWriter record) {
        this.record = record;
    }

    /** Something that can fail for reasons of the file system. */
    @FunctionalInterface
    interface IoAction {
        void run() throws IOException;
    }

    /** Does something that must succeed for nothing to be left. */
    boolean attempt(String what, Runnable action) {
        return attemptIo(what, action::run);
    }

    /** Does something that must succeed for nothing to be left. */
    boolean attemptIo(String what, IoAction action) {
        try {
            action.run();
            return true;
        } catch (IOException e) {
            failures.add(what + ": " + Failures.reason(e));
        } catch (RuntimeException e) {
            // Whatever it is, the rest must be released all the same.
            failures.add(what + ": " + e.getMessage());
        } finally {
            interrupted |= Thread.interrupted();
        }
        note(failures.getLast());
        return false;
    }

    /** Takes away what connects a machine to a network, if it is there. */
    boolean disconnect(Optional<NetworkState> network) {
        return network.isEmpty()
                || attempt(
                        "disconnecting the network",
                        () -> NetworkConnection.disconnect(network.get()));
    }

    /** Removes the control groups that were made for a sandbox. */
    void removeGroups(Path directory) {
        attemptIo("removing control groups", () -> HostCgroups.remove(directory, Optional.empty()));
    }

    /** Does something whose failure leaves nothing behind. */
    void tolerate(String what, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            note(what + ": " + e.getMessage());
        } finally {
            interrupted |= Thread.interrupted();
        }
    }

    private void note(String text) {
        if (record != null) {
            record.note("teardown: " + text);
        }
    }

    /** {@return what failed} */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Restores the interrupt. */
    void restoreInterrupt() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it; fails if something is left. */
    void finish(String sandboxId) {
        restoreInterrupt();
        if (!failures.isEmpty()) {
            throw EngineException.builder(
                            EngineException.Category.HOST,
                            "something of sandbox \""
                                    + sandboxId
                                    + "\" is left: "
                                    + failures.getFirst())
                    .evidence(failures)
                    .remedy("run \"kumite gc\"")
                    .build();
        }
    }
}
