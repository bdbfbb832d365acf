package dev.kumite.engine;

import dev.kumite.agentprotocol.messages.OnlineCPUMemRequest;
import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Plan;
import dev.kumite.config.SandboxConfig;
import dev.kumite.config.SandboxFields;
import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Spec;
import dev.kumite.vmm.VirtualMachine;
import dev.kumite.vmm.VmmException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the owner of a sandbox holds, and what only it may do. Changes of the set of containers and
 * of the machine's size follow one another; they take files, processes and the guest, so a lock of
 * its own is held over them.
 *
 * @param engine whose options count
 * @param home the sandbox's directory
 * @param machine its machine
 * @param share its shared directory
 * @param config its plan
 * @param hooks runs hooks
 * @param changes held while containers or the size change
 */
record Ownership(
        Engine engine,
        SandboxHome home,
        VirtualMachine machine,
        SharedTree share,
        SandboxConfig config,
        HookRunner hooks,
        ReentrantLock changes) {

    /**
     * For a guest to write to its disks what it holds in memory: below the half minute that whoever
     * deletes a task waits.
     */
    private static final Duration WRITE_BACK = Duration.ofSeconds(20);

    /** Makes a further container. */
    Container create(Sandbox sandbox, ContainerRequest request) {
        changes.lock();
        try {
            if (sandbox.container(request.id()).isPresent()) {
                throw EngineException.of(
                        EngineException.Category.CONFLICT,
                        "there is a container \"" + request.id() + "\" in the sandbox",
                        "use another identity");
            }
            Outcome<Plan> plan = engine.plan(request);
            Prepared prepared =
                    Prepared.of(
                            request,
                            plan,
                            sandbox.id(),
                            SandboxPreparation.sharesFiles(config.hypervisorConfig()),
                            withoutSeccomp(),
                            mismatch(request, plan, sandbox));
            growFor(sandbox, request.id(), prepared.config().resources());
            ContainerMaker maker = new ContainerMaker(this, sandbox, prepared);
            Container container =
                    sandbox.traced(
                            Step.CONTAINER,
                            request.id(),
                            () -> {
                                maker.share();
                                return maker.make();
                            });
            sandbox.started(sandbox.timings(), prepared.warnings());
            return container;
        } finally {
            changes.unlock();
        }
    }

    private List<Problem> mismatch(ContainerRequest request, Outcome<Plan> plan, Sandbox sandbox) {
        List<Problem> problems = new ArrayList<>();
        NetworkAttachment.otherThan(home.state().network(), request.spec(), NamespaceNetwork::read)
                .ifPresent(problems::add);
        RootDevice.problem(request, config.hypervisorConfig()).ifPresent(problems::add);
        if (plan.value().orElse(null) instanceof Plan.JoinSandbox join
                && !join.sandboxId().equals(sandbox.id())) {
            problems.add(
                    Problem.error(
                            new Location.Argument("sandbox"),
                            "the container belongs to sandbox \"" + join.sandboxId() + "\"",
                            "it is to be made in \"" + sandbox.id() + "\"",
                            "make it in its own sandbox"));
        }
        return problems;
    }

    boolean withoutSeccomp() {
        return config.settings().get(SandboxFields.DISABLE_GUEST_SECCOMP);
    }

    /** Makes the machine large enough for these limits of one container beside the others'. */
    void growFor(Sandbox sandbox, String containerId, Resources limits) {
        if (config.settings().get(SandboxFields.STATIC_RESOURCE_MGMT)) {
            return;
        }
        changes.lock();
        try {
            List<Resources> all = new ArrayList<>();
            for (Container container : sandbox.containers()) {
                if (!container.id().equals(containerId)
                        && container.phase() != ContainerPhase.STOPPED) {
                    all.add(container.limits());
                }
            }
            all.add(limits);
            grow(sandbox, MachineSize.base(config).with(all));
        } finally {
            changes.unlock();
        }
    }

    private void grow(Sandbox sandbox, MachineSize wanted) {
        SandboxState before = home.state();
        long vcpus = before.vcpus();
        long memory = before.memoryMib();
        try {
            if (wanted.vcpus() > vcpus) {
                vcpus = machine.growVcpus((int) Math.min(wanted.vcpus(), maxVcpus()));
            }
            if (wanted.memoryMib() > memory) {
                memory = machine.growMemory(wanted.memoryMib());
            }
        } catch (VmmException e) {
            throw MachineFailure.of(e);
        }
        if (vcpus == before.vcpus() && memory == before.memoryMib()) {
            return;
        }
        long newVcpus = vcpus;
        long newMemory = memory;
        home.update(state -> state.withMachine(machine.state()).withSize(newVcpus, newMemory));
        sandbox.note("the machine grows to " + newVcpus + " vCPUs and " + newMemory + " MiB");
        sandbox.call(
                "bringing new CPUs and memory online",
                client ->
                        client.onlineCpuMem(
                                OnlineCPUMemRequest.newBuilder()
                                        .setNbCpus((int) (newVcpus - before.vcpus()))
                                        .setCpuOnly(newMemory == before.memoryMib())
                                        .build()));
    }

    private long maxVcpus() {
        long most = config.hypervisorConfig().get(HypervisorConfig.DEFAULT_MAX_VCPUS);
        return most > 0 ? most : Integer.MAX_VALUE;
    }

    /** Writes down what a container is doing now. */
    void write(Container container) {
        home.update(state ->
                state.container(container.id())
                        .map(entry -> state.with(entry.withStatus(container.phase().word())))
                        .orElse(state));
    }

    /** Takes a container that is gone from the guest out of everything. */
    void forget(Sandbox sandbox, Container container) {
        changes.lock();
        try {
            sandbox.remove(container);
            unplugDisks(sandbox, container);
            Set<String> others = new HashSet<>();
            sandbox.containers().forEach(other -> others.add(other.id()));
            share.remove(container.id(), others);
            HostCgroups.remove(home.directory(), Optional.of(container.id()));
            home.update(state -> state.without(container.id()).withMachine(machine.state()));
            home.deleteSpec(container.id());
        } catch (IOException e) {
            throw EngineException.builder(
                            EngineException.Category.HOST,
                            "cannot remove the files of container \""
                                    + container.id()
                                    + "\": "
                                    + Failures.reason(e))
                    .cause(e)
                    .build();
        } finally {
            changes.unlock();
        }
        poststop(container.spec(), container);
    }

    private void unplugDisks(Sandbox sandbox, Container container) {
        Teardown teardown = new Teardown(sandbox.recordWriter());
        ContainerMaker.unplug(this, teardown, container.id());
        teardown.restoreInterrupt();
    }

    private void poststop(Spec spec, Container container) {
        spec.hooks()
                .filter(all -> !all.poststop().isEmpty())
                .ifPresent(all ->
                        hooks.runWhateverFails("poststop", all.poststop(), container.state()));
    }

    /** Containers on disks are unmounted, and what the guest has not written yet would be lost. */
    private Duration patience() {
        Duration usual = engine.deadlines().destroy();
        return HostDisk.areIn(machine.state()) && usual.compareTo(WRITE_BACK) < 0
                ? WRITE_BACK
                : usual;
    }

    /** Ends the sandbox and releases all. */
    void release(Sandbox sandbox) {
        Path directory = home.directory();
        Teardown teardown = new Teardown(sandbox.recordWriter());
        List<Container> containers = sandbox.containers();
        teardown.attempt(
                "writing the state",
                () -> home.update(state -> state.withPhase(SandboxState.Phase.STOPPING)));
        if (!machine.onExit().isDone()) {
            teardown.tolerate(
                    "ending the containers", () -> sandbox.agent().destroySandbox(patience()));
        }
        teardown.tolerate("closing the agent's connection", sandbox.agent()::close);
        teardown.attempt("ending the machine", () -> machine.quit(engine.deadlines().quit()));
        teardown.attempt("ending the machine's processes", machine::close);
        containers.forEach(Container::markClosed);
        boolean unshared = teardown.attemptIo("releasing the shared directory", share::removeAll);
        boolean disconnected = teardown.disconnect(home.state().network());
        teardown.removeGroups(directory);
        for (Container container : containers) {
            teardown.tolerate("poststop hooks", () -> poststop(container.spec(), container));
        }
        teardown.attempt("giving the agent's port back", sandbox::disconnect);
        if (unshared && disconnected) {
            teardown.attemptIo("removing the directory", () -> SandboxHome.delete(directory));
        }
        teardown.attempt("giving the lock back", home::close);
        teardown.finish(sandbox.id());
    }
}
