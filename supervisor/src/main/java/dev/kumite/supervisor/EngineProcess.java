package dev.kumite.supervisor;

import dev.kumite.engine.ContainerProcess;
import dev.kumite.engine.EngineException;
import dev.kumite.shim.TaskMachines;
import java.io.InputStream;
import java.io.OutputStream;

/** A process of the engine. */
record EngineProcess(ContainerProcess process)
        implements Machines.GuestProcess, TaskMachines.Program {

    @Override
    public String id() {
        return process.id();
    }

    @Override
    public OutputStream stdin() {
        return process.stdin();
    }

    @Override
    public InputStream stdout() {
        return process.stdout();
    }

    @Override
    public InputStream stderr() {
        return process.stderr();
    }

    @Override
    public int await() {
        try {
            return process.await().code();
        } catch (EngineException machineIsGone) {
            return ContainerLife.KILLED;
        }
    }

    @Override
    public void signal(int number) {
        process.signal(number);
    }

    @Override
    public void resize(int rows, int columns) {
        process.resize(rows, columns);
    }
}
