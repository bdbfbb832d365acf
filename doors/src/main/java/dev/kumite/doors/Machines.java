package dev.kumite.doors;

import dev.kumite.engine.ContainerRequest;
import dev.kumite.engine.ContainerStats;
import dev.kumite.engine.ProcessSpec;
import dev.kumite.oci.Resources;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Containers in machines. Safe for use by several threads. Beside what is said at the methods, all
 * may throw {@link dev.kumite.engine.EngineException}.
 */
public interface Machines {

    /** The variable that names the configuration's file. */
    String CONFIGURATION = "KATA_CONF_FILE";

    /** The variable that names the guest's directory. */
    String GUEST = "KUMITE_GUEST";

    /**
     * Makes a container, in a machine of its own or in that of its pod.
     *
     * @param environment the caller's variables, by name
     * @throws DoorException after all was released
     */
    Guest create(ContainerRequest request, Function<String, Optional<String>> environment);

    /**
     * {@return why the root device of a request cannot be a disk of its machine, so that it has to
     * be mounted and shared; empty if it can, or if making the container is going to say what is
     * wrong}
     *
     * @param environment the caller's variables, by name
     */
    default Optional<String> obstacleToRootDevice(
            ContainerRequest request, Function<String, Optional<String>> environment) {
        return Optional.of("these machines have no disks");
    }

    /**
     * Takes over a container of a process that has died.
     *
     * @param sandbox the machine's identity
     * @param container the container's
     * @return the container; empty if it is gone
     */
    Optional<Guest> adopt(String sandbox, String container);

    /** Releases what nobody has adopted. */
    void collectGarbage();

    /**
     * {@return what guests say of their figures, in the text format of Prometheus, by the machine's
     * identity} In bounded time, without those that do not answer in it.
     */
    default Map<String, String> figures() {
        return Map.of();
    }

    /** A container in a machine. */
    interface Guest {

        /** {@return the identity of its machine} */
        String sandbox();

        /** {@return the pid on this host of the process that is its machine} */
        int pid();

        /** {@return its first process; there before the start} */
        GuestProcess process();

        /** Starts its first process. */
        void start();

        /** {@return a further program, started} */
        GuestProcess exec(ProcessSpec program);

        /**
         * {@return a program that {@link #exec} has started for an earlier owner; if it is gone,
         * waiting for its end says so}
         */
        GuestProcess find(String execId, boolean terminal);

        /** Sends a signal to the first process, or to all. */
        void signal(int number, boolean all);

        /** Stops all its processes for a while. */
        void pause();

        /** Lets them go on. */
        void resume();

        /** Changes its limits. */
        void update(Resources limits);

        /** {@return what it uses} */
        ContainerStats stats();

        /** {@return its status in the specification's words} */
        String status();

        /** {@return whether it has run out of memory} */
        boolean oomKilled();

        /**
         * Has it told, once and on any thread, when it runs out of memory, or at once if it has.
         */
        void whenOutOfMemory(Runnable told);

        /**
         * Says that its first process has ended: the machine is not needed any more, unless another
         * container in it runs.
         */
        void ended();

        /** Ends and removes it in bounded time, and the machine if it was the last one. */
        void close();
    }

    /** A process in a machine. Each stream for one thread. */
    interface GuestProcess {

        /** {@return its identity in its container} */
        String id();

        /** {@return its input} */
        OutputStream stdin();

        /** {@return its output} */
        InputStream stdout();

        /** {@return its error output; empty if it has a terminal} */
        InputStream stderr();

        /** {@return its exit code, when it has ended; that of SIGKILL if its machine is gone} */
        int await();

        /** Sends it a signal; does nothing if it has ended. */
        void signal(int number);

        /** Tells its terminal the size in characters. */
        void resize(int rows, int columns);
    }
}
