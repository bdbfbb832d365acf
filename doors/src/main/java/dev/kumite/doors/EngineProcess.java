package dev.kumite.doors;

import dev.kumite.engine.ContainerProcess;
import dev.kumite.engine.EngineException;
import java.io.InputStream;
import java.io.OutputStream;

/** A process of the engine. */
record EngineProcess(ContainerProcess process) implements Machines.GuestProcess {

    /** As a shell says it of a process that SIGKILL has ended: 128 + 9. */
    private static final int KILLED = 137;

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
            return KILLED;
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
