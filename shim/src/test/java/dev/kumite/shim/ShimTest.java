package dev.kumite.shim;

import static dev.kumite.shim.ShimHarness.await;
import static dev.kumite.shim.ShimHarness.call;
import static dev.kumite.shim.ShimHarness.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.kumite.linux.UnixServer;
import dev.kumite.shim.messages.DeleteResponse;
import dev.kumite.shim.messages.Envelope;
import dev.kumite.shim.messages.ExecProcessRequest;
import dev.kumite.shim.messages.StateRequest;
import dev.kumite.shim.messages.StateResponse;
import dev.kumite.shim.messages.Status;
import dev.kumite.shim.messages.TaskStart;
import dev.kumite.ttrpc.TtrpcClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShimTest {

    @TempDir Path directory;

    private static final Any PROGRAM =
            Any.newBuilder()
                    .setValue(
                            ByteString.copyFromUtf8(
                                    """
                                    {"cwd": "/", "user": {"uid": 0, "gid": 0}, "args": ["wait"]}
                                    """))
                    .build();

    private static StateResponse state(TtrpcClient client, String id, String execId) {
        return call(
                client,
                "State",
                StateRequest.newBuilder().setId(id).setExecId(execId).build(),
                StateResponse.parser());
    }

    @Nested
    final class Start {

        @Test
        void writesTheAddressIntoTheBundle() throws Exception {
            try (ShimHarness shim = ShimHarness.in(directory)) {
                Path bundle = shim.bundle("t1", "wait");

                String address = shim.shim.start(shim.call("t1"), bundle, name -> Optional.empty());

                assertThat(address).startsWith("unix://" + directory + "/k/.shim/");
                assertThat(bundle.resolve("address")).hasContent(address);
            }
        }

        @Test
        void givesAllTasksOfANamespaceOneAddressAndOthersAnother() throws Exception {
            try (ShimHarness shim = ShimHarness.in(directory)) {
                Path bundle = shim.bundle("t1", "wait");
                ShimCall other =
                        ShimCall.parse(
                                List.of(
                                        "-namespace",
                                        "other",
                                        "-address",
                                        directory + "/c",
                                        "-id",
                                        "t1",
                                        "start"));

                String first = shim.shim.start(shim.call("t1"), bundle, name -> Optional.empty());

                assertThat(shim.shim.start(shim.call("t2"), bundle, name -> Optional.empty()))
                        .isEqualTo(first);
                assertThat(shim.shim.start(other, bundle, name -> Optional.empty()))
                        .isNotEqualTo(first);
            }
        }

        @Test
        void refusesARootThatIsTooDeepForASocket() throws Exception {
            Path deep = directory.resolve("x".repeat(100));
            try (Shim shim = new Shim(deep, new MemoryMachines(), Clock.systemUTC())) {
                ShimCall call = ShimCall.parse(List.of("-namespace", "n", "-id", "i", "start"));

                assertThatThrownBy(() -> shim.start(call, directory, name -> Optional.empty()))
                        .hasMessageContaining("KUMITE_ROOT");
            }
        }
    }

    @Nested
    final class Delete {

        @Test
        void answersForATaskThatIsUnknown() throws Exception {
            try (ShimHarness shim = ShimHarness.in(directory)) {
                DeleteResponse response =
                        DeleteResponse.parseFrom(
                                shim.shim.delete(shim.call("gone"), shim.bundle("gone", "x")));

                assertThat(response.getExitStatus()).isEqualTo(137);
                assertThat(response.getExitedAt().getSeconds()).isPositive();
            }
        }

        @Test
        void endsATaskThatRuns() throws Exception {
            try (ShimHarness shim = ShimHarness.in(directory)) {
                TtrpcClient client = shim.create("t1", "wait");
                start(client, "t1", "");

                DeleteResponse response =
                        DeleteResponse.parseFrom(
                                shim.shim.delete(shim.call("t1"), directory.resolve("bundle-t1")));

                assertThat(response.getExitStatus()).isEqualTo(137);
                assertThat(response.getPid()).isEqualTo(MemoryMachines.PID);
                assertThat(shim.machines.guests).isEmpty();
            }
        }

        @Test
        void endsATaskThatIsJustBeingMade() throws Exception {
            try (ShimHarness shim = ShimHarness.in(directory)) {
                CountDownLatch never = new CountDownLatch(1);
                shim.machines.making = never;
                LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                shim.create("t1", "wait");
                            } catch (Throwable refused) {
                                failures.add(refused);
                            }
                        });
                while (shim.machines.configurations.isEmpty()) {
                    Thread.onSpinWait();
                }

                shim.shim.delete(shim.call("t1"), directory.resolve("bundle-t1"));

                assertThat(failures.poll(60, TimeUnit.SECONDS)).hasMessageContaining("deleted");
                assertThat(shim.machines.guests).isEmpty();
            }
        }
    }

    @Nested
    final class ALaterSupervisor {

        @Test
        void takesOverWhatLives() throws Exception {
            MemoryMachines machines = new MemoryMachines();
            Shim dead = abandon(machines, "wait");

            try (Shim shim = new Shim(directory.resolve("k"), machines, Clock.systemUTC())) {
                shim.adopt();

                TtrpcClient client = harness.connect(address());
                assertThat(state(client, "t1", "").getStatus()).isEqualTo(Status.RUNNING);
                assertThat(state(client, "t1", "e1").getStatus()).isEqualTo(Status.RUNNING);
                machines.guests.get("t1").programs.values().forEach(all -> all.signal(9));
                assertThat(await(client, "t1", "e1").getExitStatus()).isEqualTo(137);
                machines.guests.get("t1").first.signal(2);
                assertThat(await(client, "t1", "").getExitStatus()).isEqualTo(130);
                assertThat(dead.idle()).isFalse();
            }
            harness.close();
        }

        @Test
        void saysOfWhatIsGoneThatItWasKilled() throws Exception {
            MemoryMachines machines = new MemoryMachines();
            abandon(machines, "wait");

            try (Shim shim =
                    new Shim(directory.resolve("k"), new MemoryMachines(), Clock.systemUTC())) {
                shim.adopt();

                TtrpcClient client = harness.connect(address());
                assertThat(state(client, "t1", "").getStatus()).isEqualTo(Status.STOPPED);
                assertThat(await(client, "t1", "").getExitStatus()).isEqualTo(137);
                assertThat(await(client, "t1", "e1").getExitStatus()).isEqualTo(137);
            }
            harness.close();
        }

        @Test
        void remembersHowATaskHasEnded() throws Exception {
            MemoryMachines machines = new MemoryMachines();
            abandon(machines, "wait");
            machines.guests.get("t1").first.signal(1);
            await(harness.connect(address()), "t1", "");

            try (Shim shim =
                    new Shim(directory.resolve("k"), new MemoryMachines(), Clock.systemUTC())) {
                shim.adopt();

                DeleteResponse response =
                        DeleteResponse.parseFrom(
                                shim.delete(harness.call("t1"), directory.resolve("bundle-t1")));
                assertThat(response.getExitStatus()).isEqualTo(129);
            }
            harness.close();
        }

        @Test
        void endsATaskWhoseBundleIsGone() throws Exception {
            MemoryMachines machines = new MemoryMachines();
            abandon(machines, "wait");
            Path bundle = directory.resolve("bundle-t1");
            Files.delete(bundle.resolve("address"));
            Files.delete(bundle.resolve("config.json"));
            Files.delete(bundle);

            try (Shim shim = new Shim(directory.resolve("k"), machines, Clock.systemUTC())) {
                shim.adopt();

                assertThat(machines.guests).isEmpty();
                assertThat(shim.idle()).isTrue();
            }
            harness.close();
        }

        @Test
        void forgetsADirectoryThatSaysNothing() throws Exception {
            Path damaged = Files.createDirectories(directory.resolve("k/.shim/0123"));
            Files.writeString(damaged.resolve("door"), "\u0001\u0002 no message");

            try (Shim shim =
                    new Shim(directory.resolve("k"), new MemoryMachines(), Clock.systemUTC())) {
                shim.adopt();
            }

            assertThat(damaged).doesNotExist();
        }

        private ShimHarness harness;

        /** A task and a further process run when their supervisor stops to do anything. */
        private Shim abandon(MemoryMachines machines, String... args) throws Exception {
            harness = ShimHarness.in(directory, machines);
            TtrpcClient client = harness.create("t1", args);
            start(client, "t1", "");
            call(
                    client,
                    "Exec",
                    ExecProcessRequest.newBuilder()
                            .setId("t1")
                            .setExecId("e1")
                            .setSpec(PROGRAM)
                            .build());
            start(client, "t1", "e1");
            return harness.shim;
        }

        private String address() throws Exception {
            return Files.readString(directory.resolve("bundle-t1/address"));
        }
    }

    @Nested
    final class Events {

        @Test
        void waitForAContainerdThatComesBack() throws Exception {
            BlockingQueue<Envelope> events = new LinkedBlockingQueue<>();
            Path address = directory.resolve("later");
            try (EventQueue queue = new EventQueue("ns", address, Clock.systemUTC())) {
                queue.publish(
                        "/tasks/start", "TaskStart", TaskStart.newBuilder().setPid(1).build());
                queue.publish("/tasks/exit", "TaskExit", TaskStart.newBuilder().setPid(1).build());

                try (UnixServer _ = ShimHarness.receive(address, events)) {
                    Envelope first = events.poll(60, TimeUnit.SECONDS);
                    Envelope second = events.poll(60, TimeUnit.SECONDS);

                    assertThat(first.getTopic()).isEqualTo("/tasks/start");
                    assertThat(first.getNamespace()).isEqualTo("ns");
                    assertThat(first.getEvent().getTypeUrl())
                            .isEqualTo("containerd.events.TaskStart");
                    assertThat(second.getTopic()).isEqualTo("/tasks/exit");
                }
            }
        }
    }
}
