package dev.kumite.engine;

import dev.kumite.agentprotocol.messages.CreateContainerRequest;
import dev.kumite.agentprotocol.messages.Device;
import dev.kumite.agentprotocol.messages.GuestDetailsRequest;
import dev.kumite.agentprotocol.messages.GuestDetailsResponse;
import dev.kumite.linux.LinuxException;
import dev.kumite.oci.Hooks;
import dev.kumite.oci.Root;
import dev.kumite.oci.Spec;
import dev.kumite.oci.State;
import dev.kumite.vmm.GuestAddress;
import dev.kumite.vmm.VirtualMachine;
import dev.kumite.vmm.VmmException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes one container in a sandbox that runs. Confined to one thread. */
final class ContainerMaker {

    private final Ownership ownership;
    private final Sandbox sandbox;
    private final Prepared prepared;

    ContainerMaker(Ownership ownership, Sandbox sandbox, Prepared prepared) {
        this.ownership = ownership;
        this.sandbox = sandbox;
        this.prepared = prepared;
    }

    /** Writes the container down, and shows its files to the guest. */
    void share() {
        try {
            writeDown(ownership.home(), prepared, ownership.engine().now());
            share(ownership.share(), prepared);
            // The machine is in its first container's groups; what is in these is next to nothing.
            List<Path> _ =
                    HostCgroups.take(
                            ownership.home().directory(),
                            prepared.request(),
                            true,
                            sandbox.recordWriter()::note);
        } catch (EngineException e) {
            undo();
            throw e;
        }
    }

    /** Writes a container down. */
    static void writeDown(SandboxHome home, Prepared prepared, Instant now) {
        ContainerRequest request = prepared.request();
        try {
            home.writeSpec(request.id(), request.spec());
        } catch (IOException e) {
            throw EngineException.builder(
                            EngineException.Category.HOST,
                            "cannot write to \"" + home.directory() + "\": " + Failures.reason(e))
                    .remedy("make room there")
                    .cause(e)
                    .build();
        }
        home.update(state ->
                state.with(
                        new SandboxState.Entry(
                                request.id(),
                                ContainerPhase.CREATING.word(),
                                request.bundle().toString(),
                                now,
                                request.pid())));
    }

    /** Shows the container's files to the guest. */
    static void share(SharedTree tree, Prepared prepared) {
        Optional<RootDisk> disk = prepared.volumes().rootDisk().filter(root -> !root.layered());
        if (disk.isPresent()) {
            try {
                tree.addPlace(disk.get().name());
            } catch (IOException e) {
                throw failedToShare(disk.get().disk().path(), Failures.reason(e), e);
            }
        }
        for (VolumePlan.Shared volume : prepared.volumes().shared()) {
            try {
                tree.add(volume);
            } catch (IOException e) {
                throw failedToShare(volume.source(), Failures.reason(e), e);
            } catch (LinuxException e) {
                throw failedToShare(volume.source(), String.valueOf(e.getMessage()), e);
            }
        }
    }

    private static EngineException failedToShare(Path source, String reason, Exception cause) {
        return EngineException.builder(
                        EngineException.Category.HOST,
                        "cannot share \"" + source + "\" with the machine: " + reason)
                .cause(cause)
                .build();
    }

    /** Makes the container in the guest. */
    Container make() {
        ContainerRequest request = prepared.request();
        Spec spec = request.spec();
        Container container =
                new Container(
                        sandbox,
                        request.id(),
                        request.bundle().toString(),
                        request.pid(),
                        spec,
                        ContainerPhase.CREATED);
        try {
            runHooks(spec);
            copyFiles();
            List<GuestStorage> storages = new ArrayList<>(plugRoot());
            storages.addAll(prepared.volumes().storages());
            Spec shown =
                    sandbox.agent().isForeign()
                            ? forForeignGuest(storages)
                            : prepared.guest().spec();
            CreateContainerRequest message = message(shown, storages, plugDisks());
            sandbox.call(
                    "making container \"" + request.id() + "\"",
                    client -> client.createContainer(message));
        } catch (EngineException e) {
            undo();
            throw e;
        }
        sandbox.add(container);
        sandbox.written(container);
        return container;
    }

    /** Gives the guest copies of files, where none are shared. */
    private void copyFiles() {
        for (CopiedFile file : prepared.volumes().copied()) {
            String what = "copying \"" + file.source() + "\" into the machine";
            try {
                file.send(request -> sandbox.call(what, client -> client.copyFile(request)));
            } catch (IOException e) {
                throw EngineException.builder(
                                EngineException.Category.HOST, what + ": " + e.getMessage())
                        .cause(e)
                        .build();
            }
        }
    }

    private List<GuestStorage> plugRoot() {
        return prepared.volumes()
                .rootDisk()
                .map(root -> root.storages(prepared.request().id(), plug(root.disk())))
                .orElse(List.of());
    }

    private List<Device> plugDisks() {
        List<Device> devices = new ArrayList<>();
        for (HostDisk disk : prepared.disks()) {
            devices.add(disk.message(plug(disk)));
        }
        return devices;
    }

    private GuestAddress plug(HostDisk disk) {
        try {
            return ownership.machine().plugDisk(disk.disk(ownership.config().hypervisorConfig()));
        } catch (VmmException e) {
            throw MachineFailure.of(e);
        }
    }

    /** Takes a container's disks out of the machine. */
    static void unplug(Ownership ownership, Teardown teardown, String containerId) {
        VirtualMachine machine = ownership.machine();
        for (String disk : HostDisk.of(containerId, machine.state())) {
            teardown.tolerate("unplugging " + disk, () -> machine.unplugDisk(disk));
        }
    }

    /**
     * {@return the specification for an agent that is not Kumite's}
     *
     * @param storages gets what that agent has to be asked for
     */
    private Spec forForeignGuest(List<GuestStorage> storages) {
        GuestDetailsResponse details =
                sandbox.call(
                        "asking the agent what it can do",
                        client -> client.getGuestDetails(GuestDetailsRequest.getDefaultInstance()));
        Spec spec = prepared.guest().spec();
        sandbox.warn(ForeignGuest.omissions(spec, details.getAgentDetails()));
        Root root = spec.root().orElseThrow();
        String place = GuestPaths.layeredRootfs(prepared.request().id());
        List<GuestStorage> layer = RootLayer.of(prepared, root.path(), place);
        storages.addAll(layer);
        return layer.isEmpty() ? spec : spec.withRoot(new Root(place, root.readonly()));
    }

    private CreateContainerRequest message(
            Spec spec, List<GuestStorage> storages, List<Device> devices) {
        String id = prepared.request().id();
        return CreateContainerRequest.newBuilder()
                .setContainerId(id)
                .setExecId(id)
                .setOCI(SpecMessages.spec(spec, ownership.hooks()::timeout))
                .addAllStorages(SpecMessages.storages(storages))
                .addAllDevices(devices)
                .setSandboxPidns(prepared.guest().sharesPidNamespace())
                .build();
    }

    /** Hooks for the runtime's namespaces; those of the container's own the machine has none of. */
    private void runHooks(Spec spec) {
        if (spec.hooks().isEmpty()) {
            return;
        }
        Hooks hooks = spec.hooks().get();
        State state = hookState(ContainerPhase.CREATING, spec);
        HookRunner runner = ownership.hooks();
        // Of the time when creating and starting were one step: its hooks take the container for
        // made.
        runner.runAll("prestart", hooks.prestart(), hookState(ContainerPhase.CREATED, spec));
        runner.runAll("createRuntime", hooks.createRuntime(), state);
        runner.runAll("createContainer", hooks.createContainer(), state);
    }

    private State hookState(ContainerPhase phase, Spec spec) {
        ContainerRequest request = prepared.request();
        return new State(
                WorkloadSpec.OCI_VERSION,
                request.id(),
                phase.word(),
                request.pid() == 0 ? sandbox.qemuPid() : request.pid(),
                request.bundle().toString(),
                spec.annotations());
    }

    /** Takes back what was done for the container; what remains goes with the sandbox. */
    private void undo() {
        String id = prepared.request().id();
        Set<String> others = new HashSet<>();
        sandbox.containers().forEach(other -> others.add(other.id()));
        Teardown teardown = new Teardown(sandbox.recordWriter());
        unplug(ownership, teardown, id);
        teardown.attemptIo(
                "removing control groups",
                () -> HostCgroups.remove(ownership.home().directory(), Optional.of(id)));
        teardown.attemptIo("unsharing the container", () -> ownership.share().remove(id, others));
        teardown.attempt(
                "writing the state",
                () ->
                        ownership
                                .home()
                                .update(state ->
                                        state.without(id)
                                                .withMachine(ownership.machine().state())));
        teardown.attemptIo("forgetting the container", () -> ownership.home().deleteSpec(id));
        teardown.restoreInterrupt();
    }
}
