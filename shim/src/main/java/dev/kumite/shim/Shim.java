package dev.kumite.shim;

import dev.kumite.doors.Machines;
import dev.kumite.shim.messages.DeleteResponse;
import dev.kumite.shim.messages.DoorRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * containerd's shim v2, for any number of containerds. Safe for use by several threads.
 *
 * <p>Each pair of containerd and namespace has a directory {@code <root>/.shim/HASH/}, with a
 * socket and a file for each task.
 */
public final class Shim implements AutoCloseable {

    /** Variables of containerd that say how machines are made. */
    private static final String[] VARIABLES = {"KATA_CONF_FILE", "KUMITE_GUEST"};

    private static final String EVENTS = "TTRPC_ADDRESS";
    private static final int HASH_CHARACTERS = 16;

    private final Path directory;
    private final Machines machines;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    /** By the hash of their containerd and namespace. Guarded by lock. */
    private final Map<String, Door> doors = new HashMap<>();

    /**
     * @param root the supervisor's
     * @param clock tells when processes have ended
     */
    public Shim(Path root, Machines machines, InstantSource clock) {
        this.directory = root.resolve(".shim");
        this.machines = machines;
        this.clock = clock;
    }

    /** Takes over what an earlier supervisor has left: machines, streams, sockets. */
    public void adopt() {
        for (Path child : TaskFiles.children(directory)) {
            TaskFiles files = new TaskFiles(child);
            Optional<DoorRecord> record = files.door();
            if (record.isEmpty() || files.tasks().isEmpty()) {
                files.removeIfEmpty();
                continue;
            }
            lock.lock();
            try {
                Door door = Door.make(home(files, record.get()));
                doors.put(child.getFileName().toString(), door);
                door.tasks().adopt(files.tasks());
                door.open();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Makes sure that the tasks of the caller are served, and writes the address into its bundle.
     *
     * @param call of the binary
     * @param bundle the bundle's directory
     * @param environment the caller's variables, by name
     * @return where they are served, {@code unix:///...}
     * @throws ShimException if that cannot be
     */
    public String start(
            ShimCall call, Path bundle, Function<String, Optional<String>> environment) {
        Map<String, String> variables = new HashMap<>();
        for (String name : VARIABLES) {
            environment.apply(name).ifPresent(value -> variables.put(name, value));
        }
        String address;
        lock.lock();
        try {
            Door door = door(call, environment.apply(EVENTS));
            door.tasks().environment(variables);
            address = door.address();
        } finally {
            lock.unlock();
        }
        try {
            Files.writeString(bundle.resolve("address"), address);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the address into " + bundle, failure);
        }
        return address;
    }

    private Door door(ShimCall call, Optional<String> events) {
        String hash = hash(call);
        Door known = doors.get(hash);
        if (known != null) {
            return known;
        }
        TaskFiles files = new TaskFiles(directory.resolve(hash));
        DoorRecord record =
                DoorRecord.newBuilder()
                        .setAddress(call.address())
                        .setNamespace(call.namespace())
                        .setEventsAddress(events.orElse(call.address() + ".ttrpc"))
                        .build();
        Door door = Door.make(home(files, record));
        files.write(record);
        doors.put(hash, door);
        door.open();
        return door;
    }

    private TaskHome home(TaskFiles files, DoorRecord record) {
        EventQueue events =
                new EventQueue(record.getNamespace(), Path.of(record.getEventsAddress()), clock);
        return new TaskHome(record.getNamespace(), machines, events, files, clock);
    }

    /**
     * Removes what is left of a task, whatever state it is in.
     *
     * @param call of the binary
     * @param bundle the bundle's directory
     * @return the encoded {@code DeleteResponse}
     */
    public byte[] delete(ShimCall call, Path bundle) {
        Optional<Door> door;
        lock.lock();
        try {
            door = Optional.ofNullable(doors.get(hash(call)));
        } finally {
            lock.unlock();
        }
        DeleteResponse response =
                door.flatMap(open -> open.tasks().destroy(call.id()))
                        .map(task -> TaskService.deleted(task.init()))
                        .orElseGet(this::unknown);
        Rootfs.unmount(bundle);
        return response.toByteArray();
    }

    private DeleteResponse unknown() {
        Exit now = Exit.at(Task.KILLED, clock.instant());
        return DeleteResponse.newBuilder().setExitStatus(now.code()).setExitedAt(now.at()).build();
    }

    /** {@return whether no task has a machine and no containerd is connected} */
    public boolean idle() {
        lock.lock();
        try {
            return doors.values().stream().allMatch(Door::idle);
        } finally {
            lock.unlock();
        }
    }

    /** Closes all sockets. Tasks stay as they are, for the next supervisor. */
    @Override
    public void close() {
        lock.lock();
        try {
            doors.values().forEach(Door::close);
            doors.clear();
        } finally {
            lock.unlock();
        }
    }

    private static String hash(ShimCall call) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(
                                    (call.address() + "\n" + call.namespace())
                                            .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_CHARACTERS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java runtime has SHA-256", impossible);
        }
    }
}
