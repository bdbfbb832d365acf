package dev.kumite.engine;

import dev.kumite.oci.Resources;
import dev.kumite.oci.Spec;
import dev.kumite.oci.State;

/** A container in a sandbox. Safe for use by several threads. */
@SuppressWarnings({"DoNotCallSuggester", "unused"})
public final class Container implements AutoCloseable {

    Container() {}

    /** {@return its identity} */
    public String id() {
        throw new UnsupportedOperationException();
    }

    /** {@return the sandbox that it is in} */
    public Sandbox sandbox() {
        throw new UnsupportedOperationException();
    }

    /** {@return what was asked for} */
    public Spec spec() {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts the container's program.
     *
     * @return its process
     * @throws EngineException ILLEGAL_STATE if it was started before, GUEST if the guest cannot
     */
    public ContainerProcess start() {
        throw new UnsupportedOperationException();
    }

    /** {@return the container's first process; there before it was started, for its streams} */
    public ContainerProcess process() {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts a further program in the container, which must run.
     *
     * @throws EngineException ILLEGAL_STATE if the container does not run, GUEST if the program
     *     cannot be started there
     */
    public ContainerProcess exec(ProcessSpec program) {
        throw new UnsupportedOperationException();
    }

    /** {@return its state, as the OCI specification has it; {@code pid} is QEMU's} */
    public State state() {
        throw new UnsupportedOperationException();
    }

    /** {@return whether the guest's kernel has killed one of its processes for lack of memory} */
    public boolean oomKilled() {
        throw new UnsupportedOperationException();
    }

    /** Sends a signal to the container's first process. Does nothing if that has ended. */
    public void signal(int number) {
        throw new UnsupportedOperationException();
    }

    /** Sends a signal to all processes of the container. */
    public void signalAll(int number) {
        throw new UnsupportedOperationException();
    }

    /** {@return what it uses} */
    public ContainerStats stats() {
        throw new UnsupportedOperationException();
    }

    /** Stops all its processes until {@link #resume}. */
    public void pause() {
        throw new UnsupportedOperationException();
    }

    /** Lets all its processes go on. */
    public void resume() {
        throw new UnsupportedOperationException();
    }

    /**
     * Changes its limits. Where the configuration does not say otherwise, the machine grows first.
     *
     * @param limits the new limits; what is absent stays
     */
    public void update(Resources limits) {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends and removes the container: kills what still runs, takes its files from the share, and
     * runs its {@code poststop} hooks. Closing twice is fine. The sandbox goes on.
     */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
