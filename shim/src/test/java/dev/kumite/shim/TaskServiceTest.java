package dev.kumite.shim;

import static dev.kumite.shim.ShimHarness.await;
import static dev.kumite.shim.ShimHarness.call;
import static dev.kumite.shim.ShimHarness.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.kumite.engine.RootDevice;
import dev.kumite.shim.messages.CheckpointTaskRequest;
import dev.kumite.shim.messages.CloseIORequest;
import dev.kumite.shim.messages.ConnectRequest;
import dev.kumite.shim.messages.ConnectResponse;
import dev.kumite.shim.messages.CreateTaskRequest;
import dev.kumite.shim.messages.CreateTaskResponse;
import dev.kumite.shim.messages.DeleteRequest;
import dev.kumite.shim.messages.DeleteResponse;
import dev.kumite.shim.messages.ExecProcessRequest;
import dev.kumite.shim.messages.KillRequest;
import dev.kumite.shim.messages.Mount;
import dev.kumite.shim.messages.Options;
import dev.kumite.shim.messages.PauseRequest;
import dev.kumite.shim.messages.PidsRequest;
import dev.kumite.shim.messages.PidsResponse;
import dev.kumite.shim.messages.ResizePtyRequest;
import dev.kumite.shim.messages.ShutdownRequest;
import dev.kumite.shim.messages.StateRequest;
import dev.kumite.shim.messages.StateResponse;
import dev.kumite.shim.messages.StatsRequest;
import dev.kumite.shim.messages.StatsResponse;
import dev.kumite.shim.messages.Status;
import dev.kumite.shim.messages.TaskExit;
import dev.kumite.shim.messages.UpdateTaskRequest;
import dev.kumite.ttrpc.StatusCode;
import dev.kumite.ttrpc.TtrpcClient;
import dev.kumite.ttrpc.TtrpcException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskServiceTest {

    @TempDir Path directory;

    private ShimHarness shim;

    @BeforeEach
    void open() {
        shim = ShimHarness.in(directory);
    }

    @AfterEach
    void close() {
        shim.close();
    }

    private static void refuses(StatusCode status, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TtrpcException.class,
                        refused -> assertThat(refused.status()).isEqualTo(status));
    }

    private static StateResponse state(TtrpcClient client, String id, String execId) {
        return call(
                client,
                "State",
                StateRequest.newBuilder().setId(id).setExecId(execId).build(),
                StateResponse.parser());
    }

    private static DeleteResponse delete(TtrpcClient client, String id, String execId) {
        return call(
                client,
                "Delete",
                DeleteRequest.newBuilder().setId(id).setExecId(execId).build(),
                DeleteResponse.parser());
    }

    private static void kill(TtrpcClient client, String id, String execId, int signal) {
        call(
                client,
                "Kill",
                KillRequest.newBuilder().setId(id).setExecId(execId).setSignal(signal).build());
    }

    private static void exec(TtrpcClient client, String id, String execId, String... args) {
        String json =
                "{\"cwd\": \"/\", \"user\": {\"uid\": 0, \"gid\": 0}, \"args\": [\"%s\"]}"
                        .formatted(String.join("\", \"", args));
        call(
                client,
                "Exec",
                ExecProcessRequest.newBuilder()
                        .setId(id)
                        .setExecId(execId)
                        .setSpec(Any.newBuilder().setValue(ByteString.copyFromUtf8(json)))
                        .build());
    }

    @Nested
    final class ATask {

        @Test
        void livesFromItsCreationToItsRemoval() throws Exception {
            TtrpcClient client = shim.create("t1", "exit", "42");
            assertThat(state(client, "t1", "").getStatus()).isEqualTo(Status.CREATED);

            start(client, "t1", "");

            assertThat(await(client, "t1", "").getExitStatus()).isEqualTo(42);
            StateResponse stopped = state(client, "t1", "");
            assertThat(stopped.getStatus()).isEqualTo(Status.STOPPED);
            assertThat(stopped.getExitStatus()).isEqualTo(42);
            assertThat(delete(client, "t1", "").getExitStatus()).isEqualTo(42);
            refuses(StatusCode.NOT_FOUND, () -> state(client, "t1", ""));
            assertThat(shim.machines.guests).isEmpty();
            assertThat(shim.topics(4))
                    .containsExactly(
                            "/tasks/create", "/tasks/start", "/tasks/exit", "/tasks/delete");
        }

        @Test
        void saysWhichProcessOnTheHostItIs() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");

            assertThat(state(client, "t1", "").getPid()).isEqualTo(MemoryMachines.PID);
            assertThat(
                            call(
                                            client,
                                            "Pids",
                                            PidsRequest.newBuilder().setId("t1").build(),
                                            PidsResponse.parser())
                                    .getProcessesList())
                    .extracting(process -> process.getPid())
                    .containsExactly(MemoryMachines.PID);
            ConnectResponse connected =
                    call(
                            client,
                            "Connect",
                            ConnectRequest.newBuilder().setId("t1").build(),
                            ConnectResponse.parser());
            assertThat(connected.getTaskPid()).isEqualTo(MemoryMachines.PID);
            assertThat(connected.getShimPid()).isEqualTo((int) ProcessHandle.current().pid());
        }

        @Test
        void isNotMadeTwice() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");

            refuses(StatusCode.ALREADY_EXISTS, () -> shim.create("t1", "wait"));

            assertThat(state(client, "t1", "").getStatus()).isEqualTo(Status.CREATED);
            assertThat(shim.machines.configurations).hasSize(1);
        }

        @Test
        void leavesNothingIfItCannotBeMade() throws Exception {
            refuses(StatusCode.UNKNOWN, () -> shim.create("t1", "refused"));

            TtrpcClient client = shim.create("t1", "wait");
            assertThat(state(client, "t1", "").getStatus()).isEqualTo(Status.CREATED);
        }

        private void createOnDevice(String id, String type) throws Exception {
            Path bundle = shim.bundle(id, "wait");
            call(
                    shim.connect(id, bundle),
                    "Create",
                    CreateTaskRequest.newBuilder()
                            .setId(id)
                            .setBundle(bundle.toString())
                            .addRootfs(Mount.newBuilder().setType(type).setSource("/dev/null"))
                            .build(),
                    CreateTaskResponse.parser());
        }

        @Test
        void givesItsRootToTheMachineAsADiskAndMountsNothing() throws Exception {
            createOnDevice("t1", "ext4");

            assertThat(shim.machines.requests.getLast().rootDevice())
                    .contains(new RootDevice(Path.of("/dev/null"), "ext4", List.of()));
        }

        @Test
        void hasItsRootMountedIfTheMachineTakesNoDisk() {
            shim.machines.obstacle = Optional.of("there is none");

            assertThatThrownBy(() -> createOnDevice("t1", "ext4"))
                    .hasMessageContaining("cannot mount the root file system");
            assertThat(shim.machines.requests).isEmpty();
        }

        @Test
        void ofABundleWithoutADocumentIsRefusedWithTheReason() throws Exception {
            Path empty = Files.createDirectory(directory.resolve("empty"));
            TtrpcClient client = shim.connect("t1", empty);

            assertThatThrownBy(() ->
                            call(
                                    client,
                                    "Create",
                                    CreateTaskRequest.newBuilder()
                                            .setId("t1")
                                            .setBundle(empty.toString())
                                            .build()))
                    .hasMessageContaining("config.json");
        }

        @Test
        void endsByASignal() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");
            start(client, "t1", "");

            kill(client, "t1", "", 15);

            assertThat(await(client, "t1", "").getExitStatus()).isEqualTo(143);
            refuses(StatusCode.NOT_FOUND, () -> kill(client, "t1", "", 9));
        }

        /** containerd closes the connection of a task that has ended. */
        @Test
        void answersASignalBeforeItTellsOfTheEnd() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");
            start(client, "t1", "");
            assertThat(shim.topics(2)).containsExactly("/tasks/create", "/tasks/start");
            CountDownLatch answering = new CountDownLatch(1);
            shim.machines.guests.get("t1").answering = answering;
            Thread killing = Thread.ofVirtual().start(() -> kill(client, "t1", "", 9));

            assertThat(shim.events.poll(300, TimeUnit.MILLISECONDS)).isNull();
            answering.countDown();
            killing.join();

            assertThat(shim.topics(1)).containsExactly("/tasks/exit");
        }

        @Test
        void endsByASignalBeforeItsStart() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");

            kill(client, "t1", "", 9);

            assertThat(await(client, "t1", "").getExitStatus()).isEqualTo(137);
            refuses(StatusCode.FAILED_PRECONDITION, () -> start(client, "t1", ""));
            assertThat(shim.machines.guests).isEmpty();
        }

        @Test
        void isNotRemovedWhileItRuns() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");
            start(client, "t1", "");

            refuses(StatusCode.FAILED_PRECONDITION, () -> delete(client, "t1", ""));
        }

        @Test
        void hasEndedIfItCannotBeStarted() throws Exception {
            TtrpcClient client = shim.create("t1", "missing");

            assertThatThrownBy(() -> start(client, "t1", ""))
                    .hasMessageContaining("executable file not found");

            assertThat(await(client, "t1", "").getExitStatus()).isEqualTo(127);
            assertThat(delete(client, "t1", "").getExitStatus()).isEqualTo(127);
        }

        @Test
        void isKilledIfItsMachineEndsWhileItIsStarted() throws Exception {
            TtrpcClient client = shim.create("t1", "machine-dies");

            assertThatThrownBy(() -> start(client, "t1", ""))
                    .hasMessageContaining("the machine has ended");

            assertThat(delete(client, "t1", "").getExitStatus()).isEqualTo(137);
        }

        @Test
        void pausesAndGoesOn() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");
            start(client, "t1", "");

            call(client, "Pause", PauseRequest.newBuilder().setId("t1").build());
            assertThat(state(client, "t1", "").getStatus()).isEqualTo(Status.PAUSED);
            call(client, "Resume", PauseRequest.newBuilder().setId("t1").build());

            assertThat(state(client, "t1", "").getStatus()).isEqualTo(Status.RUNNING);
            assertThat(shim.topics(4))
                    .containsExactly(
                            "/tasks/create", "/tasks/start", "/tasks/paused", "/tasks/resumed");
        }

        @Test
        void tellsThatItRanOutOfMemoryBeforeItsEnd() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");
            start(client, "t1", "");
            shim.machines.guests.get("t1").oom = true;

            kill(client, "t1", "", 9);

            assertThat(shim.topics(4))
                    .containsExactly("/tasks/create", "/tasks/start", "/tasks/oom", "/tasks/exit");
        }

        @Test
        void tellsThatItRanOutOfMemoryWhenItHappensAndOnlyThen() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");
            start(client, "t1", "");

            shim.machines.guests.get("t1").runOutOfMemory();

            assertThat(shim.topics(3))
                    .containsExactly("/tasks/create", "/tasks/start", "/tasks/oom");
            kill(client, "t1", "", 9);
            assertThat(shim.topics(1)).containsExactly("/tasks/exit");
        }

        @Test
        void tellsWhatItUses() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");

            Any stats =
                    call(
                                    client,
                                    "Stats",
                                    StatsRequest.newBuilder().setId("t1").build(),
                                    StatsResponse.parser())
                            .getStats();

            assertThat(stats.getTypeUrl()).startsWith("io.containerd.cgroups.v");
        }

        @Test
        void changesItsLimits() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");
            Any limits =
                    Any.newBuilder()
                            .setValue(ByteString.copyFromUtf8("{\"cpu\": {\"shares\": 100}}"))
                            .build();

            call(
                    client,
                    "Update",
                    UpdateTaskRequest.newBuilder().setId("t1").setResources(limits).build());

            assertThat(shim.machines.guests.get("t1").done).containsExactly("update");
            refuses(
                    StatusCode.INVALID_ARGUMENT,
                    () ->
                            call(
                                    client,
                                    "Update",
                                    UpdateTaskRequest.newBuilder()
                                            .setId("t1")
                                            .setResources(
                                                    limits.toBuilder()
                                                            .setValue(ByteString.copyFromUtf8("[")))
                                            .build()));
        }

        @Test
        void takesItsConfigurationFromTheRuntimesOptions() throws Exception {
            Any options =
                    Any.newBuilder()
                            .setTypeUrl("runtimeoptions.v1.Options")
                            .setValue(
                                    Options.newBuilder()
                                            .setConfigPath("/etc/c.toml")
                                            .build()
                                            .toByteString())
                            .build();

            shim.create(CreateTaskRequest.newBuilder().setId("t1").setOptions(options), "wait");
            shim.create("t2", "wait");

            assertThat(shim.machines.configurations)
                    .containsExactly(Optional.of("/etc/c.toml"), Optional.empty());
        }

        @Test
        void isRefusedAnIdentityThatIsAPath() {
            refuses(StatusCode.INVALID_ARGUMENT, () -> shim.create("..%2F", "wait"));
        }
    }

    @Nested
    final class AFurtherProcess {

        @Test
        void livesFromItsAdditionToItsRemoval() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");
            start(client, "t1", "");
            exec(client, "t1", "e1", "exit", "5");
            assertThat(state(client, "t1", "e1").getStatus()).isEqualTo(Status.CREATED);

            start(client, "t1", "e1");

            assertThat(await(client, "t1", "e1").getExitStatus()).isEqualTo(5);
            StateResponse stopped = state(client, "t1", "e1");
            assertThat(stopped.getStatus()).isEqualTo(Status.STOPPED);
            assertThat(stopped.getExecId()).isEqualTo("e1");
            // Source: the CRI kills an exec that has ended, and wants to hear that it has.
            refuses(StatusCode.NOT_FOUND, () -> kill(client, "t1", "e1", 9));
            assertThat(delete(client, "t1", "e1").getExitStatus()).isEqualTo(5);
            refuses(StatusCode.NOT_FOUND, () -> state(client, "t1", "e1"));
            assertThat(shim.topics(5))
                    .containsExactly(
                            "/tasks/create",
                            "/tasks/start",
                            "/tasks/exec-added",
                            "/tasks/exec-started",
                            "/tasks/exit");
        }

        @Test
        void thatCannotBeStartedIsToBeRemoved() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");
            start(client, "t1", "");
            exec(client, "t1", "e1", "missing");

            refuses(StatusCode.UNKNOWN, () -> start(client, "t1", "e1"));

            assertThat(await(client, "t1", "e1").getExitStatus()).isZero();
            assertThat(state(client, "t1", "e1").getStatus()).isEqualTo(Status.CREATED);
            refuses(StatusCode.FAILED_PRECONDITION, () -> start(client, "t1", "e1"));
            delete(client, "t1", "e1");
        }

        @Test
        void isKilledAlone() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");
            start(client, "t1", "");
            exec(client, "t1", "e1", "wait");
            start(client, "t1", "e1");
            refuses(StatusCode.FAILED_PRECONDITION, () -> delete(client, "t1", "e1"));

            kill(client, "t1", "e1", 9);

            assertThat(await(client, "t1", "e1").getExitStatus()).isEqualTo(137);
            assertThat(state(client, "t1", "").getStatus()).isEqualTo(Status.RUNNING);
            shim.topics(4);
            TaskExit exit = TaskExit.parseFrom(shim.event().getEvent().getValue());
            assertThat(exit.getId()).isEqualTo("e1");
            assertThat(exit.getContainerId()).isEqualTo("t1");
        }

        @Test
        void isRefusedWhereItMakesNoSense() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");
            exec(client, "t1", "e1", "wait");

            refuses(StatusCode.ALREADY_EXISTS, () -> exec(client, "t1", "e1", "wait"));
            refuses(StatusCode.FAILED_PRECONDITION, () -> start(client, "t1", "e1"));
            refuses(StatusCode.INVALID_ARGUMENT, () -> exec(client, "t1", "", "wait"));
            refuses(StatusCode.NOT_FOUND, () -> state(client, "t1", "e2"));
            kill(client, "t1", "", 9);
            refuses(StatusCode.FAILED_PRECONDITION, () -> exec(client, "t1", "e3", "wait"));
        }

        @Test
        void getsTheSizeOfItsTerminal() throws Exception {
            TtrpcClient client =
                    shim.create(
                            CreateTaskRequest.newBuilder().setId("t1").setTerminal(true), "wait");
            ResizePtyRequest size =
                    ResizePtyRequest.newBuilder().setId("t1").setWidth(80).setHeight(25).build();

            call(client, "ResizePty", size);
            start(client, "t1", "");
            call(client, "ResizePty", size.toBuilder().setHeight(50).build());

            assertThat(shim.machines.guests.get("t1").first.sizes)
                    .containsExactly("25x80", "50x80");
        }
    }

    @Nested
    final class TheService {

        @Test
        void answersUnderItsLaterNameToo() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");

            StateResponse state =
                    client.call(
                            "containerd.task.v3.Task",
                            "State",
                            StateRequest.newBuilder().setId("t1").build(),
                            StateResponse.parser(),
                            ShimHarness.PATIENCE);

            assertThat(state.getId()).isEqualTo("t1");
        }

        @Test
        void doesNoCheckpoints() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");

            refuses(
                    StatusCode.UNIMPLEMENTED,
                    () ->
                            call(
                                    client,
                                    "Checkpoint",
                                    CheckpointTaskRequest.newBuilder().setId("t1").build()));
            refuses(
                    StatusCode.UNIMPLEMENTED,
                    () -> call(client, "Migrate", Empty.getDefaultInstance()));
            refuses(
                    StatusCode.UNIMPLEMENTED,
                    () ->
                            shim.create(
                                    CreateTaskRequest.newBuilder().setId("t2").setCheckpoint("/c"),
                                    "wait"));
        }

        @Test
        void staysWhenATaskNeedsItNoMore() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");

            call(client, "Shutdown", ShutdownRequest.newBuilder().setId("t1").build());

            assertThat(state(client, "t1", "").getStatus()).isEqualTo(Status.CREATED);
            assertThat(shim.shim.idle()).isFalse();
        }

        @Test
        void closesOnlyInputs() throws Exception {
            TtrpcClient client = shim.create("t1", "wait");

            call(client, "CloseIO", CloseIORequest.newBuilder().setId("t1").build());
            call(client, "CloseIO", CloseIORequest.newBuilder().setId("t1").setStdin(true).build());

            refuses(
                    StatusCode.NOT_FOUND,
                    () ->
                            call(
                                    client,
                                    "CloseIO",
                                    CloseIORequest.newBuilder()
                                            .setId("t2")
                                            .setStdin(true)
                                            .build()));
        }
    }
}
