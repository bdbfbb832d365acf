package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.CopyFileRequest;
import dev.kumite.agentprotocol.messages.CreateContainerRequest;
import dev.kumite.agentprotocol.messages.CreateSandboxRequest;
import dev.kumite.agentprotocol.messages.ExecProcessRequest;
import dev.kumite.agentprotocol.messages.LinuxResources;
import dev.kumite.agentprotocol.messages.Spec;
import dev.kumite.agentprotocol.messages.Storage;
import dev.kumite.ttrpc.TtrpcException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All that this guest runs. Containers are looked up without a lock; making and removing them is
 * guarded by {@code lock}, so that two calls cannot half-make the same one.
 */
final class Sandbox {

    /** More than a pod has; each has a directory, a cgroup and mounts. */
    private static final int MAX_CONTAINERS = 1024;

    /** For the processes of a container to end after they have been killed. */
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(30);

    private final GuestLayout layout;
    private final Log log;
    private final Crun crun;
    private final Storages storages;
    private final SharedMounts sharedMounts;
    private final SandboxNamespaces namespaces;
    private final OutOfMemoryWatch outOfMemory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Container> containers = new ConcurrentHashMap<>();
    private final AtomicLong processNumber = new AtomicLong();
    private List<Storage> ownStorages = List.of();
    private String guestHooks = "";

    Sandbox(GuestLayout layout, Log log) {
        this.layout = layout;
        this.log = log;
        this.crun = new Crun(layout);
        this.storages = new Storages(layout, new BlockDevices());
        this.sharedMounts = new SharedMounts(layout);
        this.namespaces = new SandboxNamespaces(layout);
        this.outOfMemory = new OutOfMemoryWatch(containers.values());
    }

    Crun crun() {
        return crun;
    }

    OutOfMemoryWatch outOfMemory() {
        return outOfMemory;
    }

    void create(CreateSandboxRequest request) {
        lock.lock();
        try {
            for (int i = 0; i < request.getKernelModulesCount(); i++) {
                GuestSetup.loadModule(layout, request.getKernelModules(i));
            }
            List<Storage> added = storages.addAll(request.getStoragesList());
            List<Storage> all = new ArrayList<>(ownStorages);
            all.addAll(added);
            ownStorages = all;
            guestHooks = request.getGuestHookPath();
            namespaces.sharePids(request.getSandboxPidns());
            if (!request.getHostname().isEmpty()) {
                GuestSetup.setHostname(request.getHostname());
            }
            if (request.getDnsCount() > 0) {
                GuestSetup.setNameServers(layout, request.getDnsList());
            }
            log.info("sandbox " + request.getSandboxId() + " created");
        } finally {
            lock.unlock();
        }
    }

    void createContainer(CreateContainerRequest request) {
        String id = Names.container(request.getContainerId());
        String execId = request.getExecId().isEmpty() ? id : request.getExecId();
        lock.lock();
        try {
            if (containers.containsKey(id)) {
                throw Refusal.exists("there is a container " + id + " already");
            }
            if (containers.size() >= MAX_CONTAINERS) {
                throw Refusal.notNow("there are " + MAX_CONTAINERS + " containers already");
            }
            List<Storage> mounted = storages.addAll(request.getStoragesList());
            try {
                Spec spec = request.getOCI();
                sharedMounts.hold(id, spec);
                Optional<Storage> layer = RootOverlay.of(spec, layout.bundle(id));
                if (layer.isPresent()) {
                    mounted.addAll(storages.addAll(List.of(layer.get())));
                    spec = RootOverlay.onto(spec, layer.get());
                }
                containers.put(id, prepare(id, execId, spec, request, mounted));
            } catch (TtrpcException e) {
                storages.removeAll(mounted);
                sharedMounts.release(id, !containers.isEmpty());
                throw e;
            }
        } finally {
            lock.unlock();
        }
        log.info("container " + id + " created");
    }

    private Container prepare(
            String id,
            String execId,
            Spec shared,
            CreateContainerRequest request,
            List<Storage> mounted) {
        Spec spec = shared;
        if (request.getDevicesCount() > 0) {
            spec = new GuestDevices(new BlockDevices()).rewrite(spec, request.getDevicesList());
        }
        ContainerCgroup cgroup = new ContainerCgroup(layout.cgroups(), id);
        Spec adapted =
                SpecForGuest.adapt(
                        spec,
                        cgroup.path(),
                        namespaces.toJoin(containers.values(), request.getSandboxPidns()),
                        GuestHooks.in(guestHooks));
        Map<String, String> network = SpecForGuest.ofNetwork(spec.getLinux().getSysctlMap());
        if (!network.isEmpty()) {
            GuestSetup.setKernelParameters(network);
        }
        write(layout.bundle(id).resolve("config.json"), SpecJson.config(adapted));
        cgroup.create();
        ProcessFiles files = files(spec.getProcess().getTerminal());
        return new Container(
                id,
                new ContainerProcess(execId, files),
                cgroup,
                mounted,
                StartHooks.of(id, spec, layout.bundle(id)));
    }

    private ProcessFiles files(boolean terminal) {
        return ProcessFiles.create(layout.state(), processNumber.incrementAndGet(), terminal);
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.resolveSibling("."));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw Refusal.failed("cannot write " + file + ": " + e.getMessage());
        }
    }

    /**
     * {@return the container}
     *
     * @throws TtrpcException if there is none
     */
    Container container(String id) {
        Container container = containers.get(id);
        if (container == null) {
            throw Refusal.notFound("there is no container " + id);
        }
        return container;
    }

    void startContainer(String id) {
        Container container = container(id);
        ContainerProcess first = container.first();
        Path bundle = layout.bundle(id);
        Runnable atExit = () -> outOfMemory.look(container);
        if (container.hooks().isEmpty()) {
            first.start(crun.run(id, bundle, first.files()), atExit);
        } else {
            first.start(
                    new HeldStart(crun, id, bundle, container.hooks(), () -> files(false)), atExit);
        }
        sharedMounts.holdNamespace(id, first.pid());
        log.info("container " + id + " started, process " + first.pid());
    }

    void exec(ExecProcessRequest request) {
        Container container = container(request.getContainerId());
        if (!container.first().isRunning()) {
            throw Refusal.notNow("container " + container.id() + " is not running");
        }
        if (request.getProcess().getArgsCount() == 0) {
            throw Refusal.invalid("the process has no args: there is nothing to run");
        }
        ProcessFiles files = files(request.getProcess().getTerminal());
        write(files.process(), SpecJson.process(SpecForGuest.process(request.getProcess())));
        ContainerProcess process = new ContainerProcess(Names.process(request.getExecId()), files);
        try {
            container.add(process);
            process.start(
                    crun.exec(container.id(), files.process(), files),
                    () -> outOfMemory.look(container));
        } catch (TtrpcException e) {
            process.end(127);
            process.release();
            container.remove(process);
            throw e;
        }
        log.info("process " + process.id() + " started in container " + container.id());
    }

    void removeContainer(String id, Duration patience) {
        lock.lock();
        try {
            Container container = container(id);
            stop(container, patience.isZero() ? KILL_PATIENCE : patience);
            sharedMounts.settle(id);
            storages.removeAll(container.storages());
            container.cgroup().delete();
            deleteBundle(id);
            containers.remove(id);
            container.markRemoved();
            sharedMounts.release(id, !containers.isEmpty());
        } finally {
            lock.unlock();
        }
        log.info("container " + id + " removed");
    }

    private void stop(Container container, Duration patience) {
        ContainerProcess first = container.first();
        // With hooks, there is a container before its program runs.
        if (first.isRunning() || !container.hooks().isEmpty()) {
            crun.delete(container.id());
        }
        for (ContainerProcess process : container.processes()) {
            if (!process.isRunning()) {
                process.end(137);
            } else if (process.await(patience).isEmpty()) {
                throw Refusal.late(
                        "process "
                                + process.id()
                                + " of container "
                                + container.id()
                                + " is still there "
                                + patience.toSeconds()
                                + " seconds after it was killed");
            }
            process.release();
        }
    }

    private void deleteBundle(String id) {
        try {
            Files.deleteIfExists(layout.bundle(id).resolve("config.json"));
            RootOverlay.delete(layout.bundle(id));
            Files.deleteIfExists(layout.bundle(id));
        } catch (IOException _) {
            // The host may have copied files there; they go with the machine.
        }
    }

    /** Changes a container's limits. */
    void update(String id, LinuxResources resources) {
        Container container = container(id);
        Path file = container.first().files().resources();
        write(file, ResourcesJson.document(resources));
        crun.update(container.id(), file);
        log.info("container " + id + " has new limits");
    }

    /** Takes a piece of a file that the host cannot share. */
    void copy(CopyFileRequest request) {
        new FileCopy(layout.run()).copy(request);
    }

    /** Changes the options of what is mounted, such as the size of a tmpfs. */
    void remount(List<Storage> changed) {
        for (Storage storage : changed) {
            storages.remount(storage);
        }
    }

    /**
     * Uses a disk as swap.
     *
     * @param slots where it is plugged in, from the root bus on
     */
    void addSwap(List<Integer> slots) {
        StringBuilder place = new StringBuilder();
        for (int slot : slots) {
            place.append(place.isEmpty() ? "" : "/").append(Integer.toHexString(slot));
        }
        addSwap(new BlockDevices().find("blk", place.toString()));
    }

    /** Uses a device or file as swap. */
    void addSwap(String path) {
        GuestSetup.addSwap(layout, path);
    }

    void destroy() {
        for (String id : new ArrayList<>(containers.keySet())) {
            try {
                removeContainer(id, Duration.ZERO);
            } catch (TtrpcException e) {
                log.warn("container " + id + " could not be removed: " + e.getMessage());
            }
        }
        lock.lock();
        try {
            storages.removeAll(ownStorages);
            ownStorages = List.of();
            namespaces.release();
        } finally {
            lock.unlock();
        }
        log.info("sandbox destroyed");
    }

    /** {@return all containers, in no order} */
    List<Container> all() {
        return new ArrayList<>(containers.values());
    }
}
