package dev.kumite.supervisor;

import java.io.IOException;
import java.nio.file.Path;

/** A supervisor without machines, for tests of what is around it; see {@link LocalMachines}. */
final class LocalSupervisor {

    private LocalSupervisor() {}

    public static void main(String[] arguments) throws IOException {
        Main.serve(Path.of(arguments[0]), new LocalMachines());
        Runtime.getRuntime().halt(0);
    }
}
