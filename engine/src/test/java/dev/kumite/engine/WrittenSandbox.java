package dev.kumite.engine;

import dev.kumite.linux.ProcessIdentity;
import dev.kumite.vmm.AgentTransport;
import dev.kumite.vmm.MachineState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A sandbox that another owner started, as far as the disk tells. */
final class WrittenSandbox {

    private WrittenSandbox() {}

    /**
     * Writes it, with one container of its name.
     *
     * @param status the container's
     * @param machine stands for QEMU
     */
    static void write(Path root, String id, String status, Process machine) throws IOException {
        SandboxState state =
                SandboxState.starting(id, Instant.EPOCH, ProcessIdentity.self())
                        .withPhase(SandboxState.Phase.RUNNING)
                        .withMachine(
                                MachineState.of(
                                        ProcessIdentity.of((int) machine.pid()),
                                        Optional.empty(),
                                        Optional.empty(),
                                        new AgentTransport.VirtioSerial()))
                        .with(new SandboxState.Entry(id, status, "/bundle", Instant.EPOCH));
        try (SandboxHome home = SandboxHome.create(root.resolve(id), state)) {
            home.writeSpec(
                    id,
                    Workload.builder().rootfs(root).command("sh").env("A", "b=c").build().spec());
        }
    }
}
