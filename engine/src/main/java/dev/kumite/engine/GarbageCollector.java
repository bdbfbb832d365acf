package dev.kumite.engine;

import dev.kumite.linux.FileLock;
import dev.kumite.linux.LinuxException;
import dev.kumite.oci.Spec;
import dev.kumite.oci.State;
import dev.kumite.vmm.SandboxDirectory;
import dev.kumite.vmm.VirtualMachine;
import dev.kumite.vmm.VmmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Releases what killed processes left. The lock of a sandbox says whether its owner lives: the
 * kernel gives it back when a process ends, however it ends. Confined to one thread.
 */
final class GarbageCollector {

    private final Path root;
    private final Deadlines deadlines;
    private final InstantSource clock;
    private final List<String> released = new ArrayList<>();
    private final List<String> inUse = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    GarbageCollector(Path root, Deadlines deadlines, InstantSource clock) {
        this.root = root;
        this.deadlines = deadlines;
        this.clock = clock;
    }

    GarbageReport collect() {
        for (Path directory : SandboxFinder.directories(root)) {
            String id = directory.getFileName().toString();
            try {
                Optional<FileLock> lock = SandboxHome.tryLock(directory);
                if (lock.isPresent()) {
                    try (FileLock held = lock.get()) {
                        release(id, directory, held);
                    }
                } else if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                    inUse.add(id);
                }
            } catch (IOException e) {
                failures.add(id + ": " + Failures.reason(e));
            } catch (LinuxException e) {
                failures.add(id + ": " + e.getMessage());
            }
        }
        return new GarbageReport(released, inUse, failures);
    }

    private void release(String id, Path directory, FileLock held) throws IOException {
        if (!held.fd().isClosed()
                && SandboxHome.read(directory).isEmpty()
                && isForeign(directory)) {
            // Not one of ours: nothing in it says so. The lock file is; it was just made.
            Files.deleteIfExists(directory.resolve(SandboxHome.LOCK));
            failures.add(id + ": \"" + directory + "\" is no sandbox; it is left alone");
            return;
        }
        Optional<SandboxState> state = SandboxHome.read(directory);
        try (RecordWriter record = RecordWriter.open(directory, clock)) {
            record.note("its owner is gone; what is left is released");
            Teardown teardown = new Teardown(record);
            teardown.attempt(
                    "ending the machine's processes",
                    () -> {
                        int _ = endProcesses(directory);
                    });
            boolean unshared =
                    teardown.attemptIo(
                            "releasing the shared directory",
                            () -> new SharedTree(directory).removeAll());
            boolean disconnected = teardown.disconnect(state.flatMap(SandboxState::network));
            teardown.removeGroups(directory);
            state.ifPresent(known ->
                    teardown.tolerate("poststop hooks", () -> poststop(directory, known, record)));
            teardown.tolerate("closing the record", record::close);
            teardown.attemptIo("keeping the record", () -> KeptRecords.keep(root, id, directory));
            if (unshared && disconnected) {
                teardown.attemptIo("removing the directory", () -> SandboxHome.delete(directory));
            }
            teardown.restoreInterrupt();
            teardown.failures().forEach(failure -> failures.add(id + ": " + failure));
            if (teardown.failures().isEmpty()) {
                released.add(id);
            }
        }
    }

    private static boolean isForeign(Path directory) throws IOException {
        try (var entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                boolean ours =
                        name.equals(SandboxHome.LOCK)
                                || SandboxHome.isOwnFile(name)
                                || SandboxFiles.isKnown(name);
                if (!ours) {
                    return true;
                }
            }
        }
        return false;
    }

    private int endProcesses(Path directory) {
        try {
            return VirtualMachine.endLeftovers(new SandboxDirectory(directory), deadlines.kill());
        } catch (VmmException e) {
            throw MachineFailure.of(e);
        }
    }

    private void poststop(Path directory, SandboxState state, RecordWriter record) {
        HookRunner runner = new HookRunner(deadlines.hook(), record);
        for (SandboxState.Entry entry : state.containers()) {
            Optional<Spec> spec;
            try {
                spec = SandboxHome.readSpec(directory, entry.id());
            } catch (IOException e) {
                record.note("the specification of \"" + entry.id() + "\" cannot be read");
                continue;
            }
            spec.flatMap(Spec::hooks)
                    .ifPresent(hooks ->
                            runner.runWhateverFails(
                                    "poststop",
                                    hooks.poststop(),
                                    new State(
                                            WorkloadSpec.OCI_VERSION,
                                            entry.id(),
                                            ContainerPhase.STOPPED.word(),
                                            0,
                                            entry.bundle(),
                                            spec.get().annotations())));
        }
    }
}
