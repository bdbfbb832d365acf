package dev.kumite.engine;

import dev.kumite.linux.ProcessIdentity;
import dev.kumite.vmm.AgentTransport;
import dev.kumite.vmm.MachineState;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is on disk about a sandbox, for whoever finds it after its owner was killed.
 *
 * @param id its identity
 * @param phase what its owner is doing with it
 * @param created when its start began
 * @param owner the process that owns it
 * @param machine its processes and devices
 * @param vcpus virtual CPUs of the machine
 * @param memoryMib memory of the machine
 * @param containers its containers, in the order in which they were made
 * @param network what connects it to a network; empty if it has none
 */
record SandboxState(
        String id,
        Phase phase,
        Instant created,
        ProcessIdentity owner,
        MachineState machine,
        long vcpus,
        long memoryMib,
        List<Entry> containers,
        Optional<NetworkState> network) {

    /** Version of the format; other versions are not read. */
    private static final long VERSION = 1;

    /** Nothing is started. */
    static final MachineState NO_MACHINE =
            MachineState.of(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    new AgentTransport.VirtioSerial());

    /** What the owner is doing. */
    enum Phase {
        STARTING,
        RUNNING,
        STOPPING
    }

    /**
     * A container.
     *
     * @param id its identity
     * @param status {@code creating}, {@code created}, {@code running}, {@code paused}, {@code
     *     stopped}
     * @param bundle its bundle's directory
     * @param created when it was made
     * @param pid see {@link ContainerRequest}; 0 if no process stands for it
     */
    record Entry(String id, String status, String bundle, Instant created, long pid) {

        Entry(String id, String status, String bundle, Instant created) {
            this(id, status, bundle, created, 0);
        }

        Entry withStatus(String other) {
            return new Entry(id, other, bundle, created, pid);
        }
    }

    SandboxState {
        containers = List.copyOf(containers);
    }

    static SandboxState starting(String id, Instant now, ProcessIdentity owner) {
        return new SandboxState(
                id, Phase.STARTING, now, owner, NO_MACHINE, 0, 0, List.of(), Optional.empty());
    }

    SandboxState withPhase(Phase other) {
        return new SandboxState(
                id, other, created, owner, machine, vcpus, memoryMib, containers, network);
    }

    SandboxState withOwner(ProcessIdentity other) {
        return new SandboxState(
                id, phase, created, other, machine, vcpus, memoryMib, containers, network);
    }

    SandboxState withMachine(MachineState other) {
        return new SandboxState(
                id, phase, created, owner, other, vcpus, memoryMib, containers, network);
    }

    SandboxState withNetwork(NetworkState other) {
        return new SandboxState(
                id,
                phase,
                created,
                owner,
                machine,
                vcpus,
                memoryMib,
                containers,
                Optional.of(other));
    }

    SandboxState withSize(long newVcpus, long newMemoryMib) {
        return new SandboxState(
                id, phase, created, owner, machine, newVcpus, newMemoryMib, containers, network);
    }

    /** {@return the state with this container, in place of one of the same identity} */
    SandboxState with(Entry container) {
        List<Entry> others = new ArrayList<>(containers);
        others.replaceAll(entry -> entry.id().equals(container.id()) ? container : entry);
        if (!others.contains(container)) {
            others.add(container);
        }
        return withContainers(others);
    }

    SandboxState without(String containerId) {
        return withContainers(
                containers.stream().filter(entry -> !entry.id().equals(containerId)).toList());
    }

    private SandboxState withContainers(List<Entry> others) {
        return new SandboxState(
                id, phase, created, owner, machine, vcpus, memoryMib, others, network);
    }

    Optional<Entry> container(String containerId) {
        return containers.stream().filter(entry -> entry.id().equals(containerId)).findFirst();
    }

    /** {@return the state as it is written} */
    String toJson() {
        return Json.object(out -> {
            out.writeNumberProperty("version", VERSION);
            out.writeStringProperty("id", id);
            out.writeStringProperty("phase", phase.name());
            out.writeStringProperty("created", created.toString());
            MachineStateJson.process(out, "owner", owner);
            out.writeObjectPropertyStart("machine");
            MachineStateJson.write(out, machine);
            out.writeEndObject();
            out.writeNumberProperty("vcpus", vcpus);
            out.writeNumberProperty("memoryMib", memoryMib);
            out.writeArrayPropertyStart("containers");
            for (Entry entry : containers) {
                out.writeStartObject();
                out.writeStringProperty("id", entry.id());
                out.writeStringProperty("status", entry.status());
                out.writeStringProperty("bundle", entry.bundle());
                out.writeStringProperty("created", entry.created().toString());
                if (entry.pid() != 0) {
                    out.writeNumberProperty("pid", entry.pid());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            network.ifPresent(known -> {
                out.writeObjectPropertyStart("network");
                known.write(out);
                out.writeEndObject();
            });
        });
    }

    /** {@return the state that the text is; nothing if it is damaged or of another version} */
    static Optional<SandboxState> parse(String text) {
        Optional<Json.Members> document = Json.read(text);
        if (document.isEmpty() || document.get().number("version") != VERSION) {
            return Optional.empty();
        }
        Json.Members members = document.get();
        try {
            List<Entry> containers = new ArrayList<>();
            for (Json.Members entry : members.objects("containers")) {
                containers.add(
                        new Entry(
                                entry.string("id"),
                                entry.string("status"),
                                entry.string("bundle"),
                                Instant.parse(entry.string("created")),
                                Math.max(0, entry.number("pid"))));
            }
            Optional<ProcessIdentity> owner = MachineStateJson.process(members, "owner");
            if (owner.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(
                    new SandboxState(
                            members.string("id"),
                            Phase.valueOf(members.string("phase")),
                            Instant.parse(members.string("created")),
                            owner.get(),
                            members.object("machine")
                                    .map(MachineStateJson::read)
                                    .orElse(NO_MACHINE),
                            members.number("vcpus"),
                            members.number("memoryMib"),
                            containers,
                            members.object("network").map(NetworkState::read)));
        } catch (IllegalArgumentException | DateTimeException _) {
            return Optional.empty();
        }
    }
}
