package dev.kumite.engine;

import dev.kumite.oci.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A virtual machine, and the containers in it. {@link Engine#start} makes one. Safe for use by
 * several threads.
 *
 * <p>The process that made a sandbox, or adopted it, owns it: when it closes the sandbox, the
 * machine ends, and when it dies, the machine stays behind for {@link Engine#adopt} or {@link
 * Engine#collectGarbage}. Other processes can {@link Engine#attach} and do all but that.
 */
@SuppressWarnings({"DoNotCallSuggester", "unused"})
public final class Sandbox implements AutoCloseable {

    Sandbox() {}

    /** {@return its identity} */
    public String id() {
        throw new UnsupportedOperationException();
    }

    /** {@return the container that the sandbox was made for} */
    public Container container() {
        throw new UnsupportedOperationException();
    }

    /** {@return the container of that identity, if there is one} */
    public Optional<Container> container(String containerId) {
        throw new UnsupportedOperationException();
    }

    /** {@return its containers, in the order in which they were made} */
    public List<Container> containers() {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes a further container, as in a pod. Grows the machine first where the configuration does
     * not say otherwise.
     *
     * @throws EngineException REFUSED if the request is not for this sandbox or is wrong, CONFLICT
     *     if there is a container of that identity, GUEST if the guest cannot make it
     */
    public Container create(ContainerRequest request) {
        throw new UnsupportedOperationException();
    }

    /** {@return whether this object owns the sandbox, and is not merely attached} */
    public boolean owner() {
        throw new UnsupportedOperationException();
    }

    /** {@return whether the machine runs} */
    public boolean alive() {
        throw new UnsupportedOperationException();
    }

    /** {@return how long the steps of its start took; empty if it is attached or adopted} */
    public Timings timings() {
        throw new UnsupportedOperationException();
    }

    /** {@return what is worth knowing about the request and its plan; no errors} */
    public List<Problem> warnings() {
        throw new UnsupportedOperationException();
    }

    /** {@return its directory on the host} */
    public Path directory() {
        throw new UnsupportedOperationException();
    }

    /** {@return all that was written about it until now} */
    public SandboxRecord record() {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends the sandbox: its containers, the machine, and all that was taken from the host, in
     * reverse order and in bounded time, whatever has failed before. Closing twice is fine. If the
     * sandbox is only attached, just the connection ends.
     *
     * @throws EngineException HOST if something could not be released; the message names it, and
     *     {@link Engine#collectGarbage} tries again
     */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
