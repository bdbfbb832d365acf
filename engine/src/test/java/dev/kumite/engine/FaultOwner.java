package dev.kumite.engine;

import java.nio.file.Path;

/** A program that owns a sandbox until it is killed; tests start it in a process of its own. */
final class FaultOwner {

    private FaultOwner() {}

    /**
     * Starts a sandbox, says so, waits for a line, and closes it.
     *
     * @param arguments root directory, root file system, and a network namespace if there is to be
     *     one
     */
    public static void main(String[] arguments) throws Exception {
        Engine engine = VmFixture.engine(Path.of(arguments[0]));
        System.out.println("begins");
        Workload.Builder workload =
                Workload.builder()
                        .id("box")
                        .rootfs(Path.of(arguments[1]))
                        .command("sh", "-c", "while :; do sleep 1; done");
        if (arguments.length > 2) {
            workload.network(Path.of(arguments[2]));
        }
        Sandbox sandbox = engine.start(workload.build());
        System.out.println("runs");
        int _ = System.in.read();
        System.out.println("ends");
        sandbox.close();
        System.out.println("ended");
    }
}
