package dev.kumite.engine;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A program that owns a sandbox with a container on a disk, until it is killed. */
final class RootDeviceOwner {

    private RootDeviceOwner() {}

    /**
     * Starts a sandbox and a second container in it, and says so.
     *
     * @param arguments root directory, root file system of the first container, device of the
     *     second one
     */
    public static void main(String[] arguments) throws Exception {
        Engine engine = VmFixture.engine(Path.of(arguments[0]));
        Workload.Builder workload =
                Workload.builder()
                        .rootfs(Path.of(arguments[1]))
                        .command(
                                "sh",
                                "-c",
                                "echo kept >/kept; echo written; while :; do sleep 1; done");
        Sandbox sandbox = engine.start(workload.id("box").build());
        Container second =
                sandbox.create(
                        workload.id("second")
                                .build()
                                .withRootDevice(
                                        new RootDevice(Path.of(arguments[2]), "ext4", List.of())));
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(second.start().stdout(), StandardCharsets.UTF_8));
        if ("written".equals(output.readLine())) {
            System.out.println("runs");
        }
        int _ = System.in.read();
    }
}
