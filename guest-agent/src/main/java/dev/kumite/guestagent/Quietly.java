package dev.kumite.guestagent;

import java.io.Closeable;
import java.io.IOException;

/** Closes what has nothing to lose by it: descriptors that were only read, or already flushed. */
final class Quietly {

    private Quietly() {}

    static void close(Closeable resource) {
        try {
            resource.close();
        } catch (IOException _) {
            // The kernel has freed the descriptor all the same. Source: close(2), NOTES.
        }
    }
}
