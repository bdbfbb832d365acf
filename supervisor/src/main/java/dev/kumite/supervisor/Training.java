package dev.kumite.supervisor;

import dev.kumite.doors.EngineMachines;
import dev.kumite.engine.ContainerRequest;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.oci.State;
import dev.kumite.shim.Shim;
import dev.kumite.shim.ShimCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the supervisor's AOT cache is trained with: its start, and the way of a container up to
 * where a machine would be made.
 */
public final class Training {

    private static final List<String> COMMANDS =
            List.of(
                    "--log /l --log-format json create --bundle /b --pid-file /p x",
                    "start x",
                    "kill x 15",
                    "exec --process /p --detach x",
                    "delete --force x");

    private static final String CONFIG =
            """
            {"ociVersion": "1.0.2",
             "process": {"args": ["true"], "cwd": "/", "user": {"uid": 0, "gid": 0}},
             "root": {"path": "rootfs"},
             "linux": {"namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "mount"}]}}
            """;

    private Training() {}

    /**
     * Runs once through it.
     *
     * @param arguments a directory that is empty, for the root and a bundle
     */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]).toAbsolutePath();
        Path run = Files.createDirectories(directory.resolve(".supervisor"));
        Files.writeString(directory.resolve("config.json"), CONFIG);
        EngineMachines machines = EngineMachines.in(directory);
        Supervisor supervisor = new Supervisor(directory, machines, Clock.systemUTC());
        supervisor.adopt();
        try (RequestPipe requests = RequestPipe.open(run)) {
            Main.serve(supervisor, requests, Duration.ZERO);
        }
        for (String line : COMMANDS) {
            CommandLine.parse(List.of(line.split(" ")));
        }
        ContainerRequest request = ContainerRequest.ofBundle(directory, "training");
        machines.plan(request, name -> Optional.empty());
        try (Shim shim = new Shim(directory, machines, Clock.systemUTC())) {
            shim.adopt();
            ShimCall call = ShimCall.parse(List.of("-namespace", "n", "-id", "training", "start"));
            shim.start(call, directory, name -> Optional.empty());
            shim.delete(call, directory);
        }
        Ledger ledger = new Ledger(directory);
        Entry entry =
                new Entry(
                        new State("1.0.2", "training", Entry.CREATED, 1, "/", Map.of()),
                        "training",
                        Optional.of(ProcessIdentity.self()),
                        false,
                        0);
        ledger.write(entry);
        ledger.entries();
        ledger.remove("training");
    }
}
