package dev.kumite.engine;

import dev.kumite.linux.Fd;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.vmm.Boot;
import dev.kumite.vmm.MachinePlan;
import dev.kumite.vmm.MachineTemplate;
import dev.kumite.vmm.SandboxDirectory;
import dev.kumite.vmm.VirtualMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Boots a machine, lets its agent do once what it will do for every sandbox, and writes it down.
 * While that takes, the machine is a sandbox like others, so that it is found and released if this
 * process is killed.
 */
final class TemplateMaker {

    private TemplateMaker() {}

    /**
     * Makes a template.
     *
     * @param target an empty directory
     */
    static void make(Engine engine, SandboxPreparation preparation, Path target)
            throws IOException {
        String id = "template-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        Path directory = engine.root().resolve(id);
        MachinePlan size = preparation.machinePlan(id, directory, new Boot.Cold(), List.of());
        try (Fd memory = MachineTemplate.emptyMemory(size);
                SandboxHome home =
                        SandboxHome.create(
                                directory,
                                SandboxState.starting(id, engine.now(), ProcessIdentity.self()))) {
            boolean made = false;
            try (RecordWriter record = RecordWriter.open(directory, engine.clock())) {
                boot(engine, preparation, home, record, memory, target);
                made = true;
            } finally {
                release(engine.root(), id, made);
            }
        }
    }

    private static void release(Path root, String id, boolean made) {
        Path directory = root.resolve(id);
        Teardown teardown = new Teardown(null);
        if (!made) {
            teardown.attemptIo("keeping the record", () -> KeptRecords.keep(root, id, directory));
        }
        teardown.attemptIo("removing the directory", () -> SandboxHome.delete(directory));
        teardown.restoreInterrupt();
    }

    private static void boot(
            Engine engine,
            SandboxPreparation preparation,
            SandboxHome home,
            RecordWriter record,
            Fd memory,
            Path target)
            throws IOException {
        Path directory = home.directory();
        String id = String.valueOf(directory.getFileName());
        Boot how = new Boot.ForTemplate(MachineTemplate.path(memory));
        try (VirtualMachine machine =
                VirtualMachine.start(
                        preparation.machinePlan(id, directory, how, List.of()),
                        new MachineRecorder(home, record, null),
                        MachineRecorder.limits(engine.deadlines()))) {
            home.update(state -> state.withMachine(machine.state()));
            machine.resume();
            warmUp(engine, preparation, new SandboxDirectory(directory));
            MachineTemplate.write(machine, memory, target);
        }
    }

    private static void warmUp(
            Engine engine, SandboxPreparation preparation, SandboxDirectory directory) {
        try (AgentPort port =
                        AgentPort.ofOwner(directory, preparation.agent())
                                .orElseThrow(() ->
                                        EngineException.of(
                                                EngineException.Category.CONFLICT,
                                                "another process has the agent's first port",
                                                ""));
                GuestAgent agent =
                        GuestAgent.connect(
                                port,
                                engine.deadlines().agent(),
                                engine.deadlines().agent(),
                                engine.deadlines().call())) {
            new WarmUp(agent).run(preparation.usesVirtiofsd());
        }
    }
}
