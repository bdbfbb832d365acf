package dev.kumite.shim;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.kumite.doors.DoorException;
import dev.kumite.engine.EngineException;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.shim.messages.CloseIORequest;
import dev.kumite.shim.messages.ConnectRequest;
import dev.kumite.shim.messages.ConnectResponse;
import dev.kumite.shim.messages.CreateTaskRequest;
import dev.kumite.shim.messages.CreateTaskResponse;
import dev.kumite.shim.messages.DeleteRequest;
import dev.kumite.shim.messages.DeleteResponse;
import dev.kumite.shim.messages.ExecProcessRequest;
import dev.kumite.shim.messages.KillRequest;
import dev.kumite.shim.messages.PauseRequest;
import dev.kumite.shim.messages.PidsRequest;
import dev.kumite.shim.messages.PidsResponse;
import dev.kumite.shim.messages.ProcessInfo;
import dev.kumite.shim.messages.ResizePtyRequest;
import dev.kumite.shim.messages.ResumeRequest;
import dev.kumite.shim.messages.StartRequest;
import dev.kumite.shim.messages.StartResponse;
import dev.kumite.shim.messages.StateRequest;
import dev.kumite.shim.messages.StateResponse;
import dev.kumite.shim.messages.StatsRequest;
import dev.kumite.shim.messages.StatsResponse;
import dev.kumite.shim.messages.Status;
import dev.kumite.shim.messages.UpdateTaskRequest;
import dev.kumite.shim.messages.WaitRequest;
import dev.kumite.shim.messages.WaitResponse;
import dev.kumite.ttrpc.CallContext;
import dev.kumite.ttrpc.StatusCode;
import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.ttrpc.TtrpcService;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;

/** containerd's service {@code Task}, for the tasks of one namespace. */
final class TaskService implements TtrpcService {

    /** Its names in containerd 1 and 2; the messages are the same. */
    static final String V2 = "containerd.task.v2.Task";

    static final String V3 = "containerd.task.v3.Task";

    private final Tasks tasks;
    private final boolean unified = Metrics.hostIsUnified();

    TaskService(Tasks tasks) {
        this.tasks = tasks;
    }

    @Override
    public MessageLite call(String method, ByteString payload, CallContext context)
            throws InvalidProtocolBufferException {
        try {
            return answer(method, payload, context);
        } catch (ShimException refused) {
            throw TtrpcException.refused(refused.category().status(), refused.getMessage());
        } catch (DoorException refused) {
            throw TtrpcException.refused(status(refused), refused.getMessage());
        } catch (EngineException failed) {
            throw TtrpcException.refused(status(failed), failed.inOneLine());
        } catch (LinuxException | UncheckedIOException failed) {
            throw TtrpcException.refused(StatusCode.UNKNOWN, String.valueOf(failed.getMessage()));
        } catch (TtrpcException refused) {
            throw refused;
        } catch (RuntimeException bug) {
            bug.printStackTrace();
            throw TtrpcException.refused(StatusCode.INTERNAL, "an error in kumite itself: " + bug);
        }
    }

    private static StatusCode status(DoorException refusal) {
        return switch (refusal.category()) {
            case NO_MACHINE -> StatusCode.NOT_FOUND;
            case REFUSED -> StatusCode.UNKNOWN;
        };
    }

    private static StatusCode status(EngineException failure) {
        return switch (failure.category()) {
            case REFUSED -> StatusCode.INVALID_ARGUMENT;
            case NOT_FOUND -> StatusCode.NOT_FOUND;
            case CONFLICT -> StatusCode.ALREADY_EXISTS;
            case ILLEGAL_STATE -> StatusCode.FAILED_PRECONDITION;
            default -> StatusCode.UNKNOWN;
        };
    }

    private MessageLite answer(String method, ByteString payload, CallContext context)
            throws InvalidProtocolBufferException {
        return switch (method) {
            case "Create" -> create(CreateTaskRequest.parseFrom(payload));
            case "Start" -> start(StartRequest.parseFrom(payload));
            case "State" -> state(StateRequest.parseFrom(payload));
            case "Delete" -> delete(DeleteRequest.parseFrom(payload));
            case "Wait" -> await(WaitRequest.parseFrom(payload), context);
            case "Kill" -> kill(KillRequest.parseFrom(payload));
            case "Exec" -> exec(ExecProcessRequest.parseFrom(payload));
            case "ResizePty" -> resize(ResizePtyRequest.parseFrom(payload));
            case "CloseIO" -> closeInput(CloseIORequest.parseFrom(payload));
            case "Pids" -> pids(PidsRequest.parseFrom(payload));
            case "Stats" -> stats(StatsRequest.parseFrom(payload));
            case "Connect" -> connect(ConnectRequest.parseFrom(payload));
            case "Pause" -> {
                tasks.find(PauseRequest.parseFrom(payload).getId()).pause();
                yield Empty.getDefaultInstance();
            }
            case "Resume" -> {
                tasks.find(ResumeRequest.parseFrom(payload).getId()).resume();
                yield Empty.getDefaultInstance();
            }
            case "Update" -> {
                UpdateTaskRequest request = UpdateTaskRequest.parseFrom(payload);
                tasks.find(request.getId()).update(TaskDocuments.limits(request.getResources()));
                yield Empty.getDefaultInstance();
            }
            case "Checkpoint" ->
                    throw ShimException.of(
                            ShimException.Category.UNSUPPORTED,
                            "a container in a machine cannot be checkpointed");
            // The process serves others; it ends by itself when nobody needs it.
            case "Shutdown" -> Empty.getDefaultInstance();
            default -> throw TtrpcException.unimplemented(V2, method);
        };
    }

    private MessageLite create(CreateTaskRequest request) {
        if (!request.getCheckpoint().isEmpty()) {
            throw ShimException.of(
                    ShimException.Category.UNSUPPORTED,
                    "a container in a machine cannot be restored from a checkpoint");
        }
        return CreateTaskResponse.newBuilder().setPid(tasks.create(request)).build();
    }

    private MessageLite start(StartRequest request) {
        Task task = tasks.find(request.getId());
        int pid =
                request.getExecId().isEmpty()
                        ? task.start()
                        : task.start(request.getExecId(), TaskDocuments::program);
        return StartResponse.newBuilder().setPid(pid).build();
    }

    private MessageLite state(StateRequest request) {
        Task task = tasks.find(request.getId());
        TaskProcess process = task.process(request.getExecId());
        Exit how = process.exitNow();
        StateResponse.Builder state =
                StateResponse.newBuilder()
                        .setId(process.id().isEmpty() ? task.id() : process.id())
                        .setBundle(task.bundle().toString())
                        .setPid(process.pid())
                        .setStatus(process.status())
                        .setStdin(process.stdio().stdin())
                        .setStdout(process.stdio().stdout())
                        .setStderr(process.stdio().stderr())
                        .setTerminal(process.stdio().terminal())
                        .setExecId(process.id());
        if (process.status() == Status.STOPPED) {
            state.setExitStatus(how.code());
        }
        return state.setExitedAt(how.at()).build();
    }

    private MessageLite delete(DeleteRequest request) {
        TaskProcess process;
        if (request.getExecId().isEmpty()) {
            process = tasks.delete(request.getId()).init();
        } else {
            process = tasks.find(request.getId()).deleteExec(request.getExecId());
        }
        return deleted(process);
    }

    static DeleteResponse deleted(TaskProcess process) {
        Exit how = process.exitNow();
        return DeleteResponse.newBuilder()
                .setPid(process.pid())
                .setExitStatus(how.code())
                .setExitedAt(how.at())
                .build();
    }

    private MessageLite await(WaitRequest request, CallContext context) {
        TaskProcess process = tasks.find(request.getId()).process(request.getExecId());
        context.interruptOnCancel();
        try {
            Exit how = process.exit().get();
            return WaitResponse.newBuilder()
                    .setExitStatus(how.code())
                    .setExitedAt(how.at())
                    .build();
        } catch (InterruptedException nobodyWaits) {
            Thread.currentThread().interrupt();
            throw TtrpcException.refused(StatusCode.CANCELLED, "nobody waits any more");
        } catch (ExecutionException impossible) {
            throw new AssertionError("an end is never exceptional", impossible);
        }
    }

    private MessageLite kill(KillRequest request) {
        tasks.find(request.getId())
                .kill(request.getExecId(), request.getSignal(), request.getAll());
        return Empty.getDefaultInstance();
    }

    private MessageLite exec(ExecProcessRequest request) {
        tasks.find(request.getId()).exec(request);
        return Empty.getDefaultInstance();
    }

    private MessageLite resize(ResizePtyRequest request) {
        tasks.find(request.getId())
                .process(request.getExecId())
                .resize(request.getHeight(), request.getWidth());
        return Empty.getDefaultInstance();
    }

    private MessageLite closeInput(CloseIORequest request) {
        if (request.getStdin()) {
            tasks.find(request.getId()).closeInput(request.getExecId());
        }
        return Empty.getDefaultInstance();
    }

    private MessageLite pids(PidsRequest request) {
        PidsResponse.Builder pids = PidsResponse.newBuilder();
        for (int pid : tasks.find(request.getId()).pids()) {
            pids.addProcesses(ProcessInfo.newBuilder().setPid(pid));
        }
        return pids.build();
    }

    private MessageLite stats(StatsRequest request) {
        return StatsResponse.newBuilder()
                .setStats(Metrics.of(tasks.find(request.getId()).stats(), unified))
                .build();
    }

    private MessageLite connect(ConnectRequest request) {
        return ConnectResponse.newBuilder()
                .setShimPid(ProcessIdentity.self().pid())
                .setTaskPid(tasks.find(request.getId()).init().pid())
                .setVersion("v2")
                .build();
    }
}
