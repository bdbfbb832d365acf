package dev.kumite.supervisor;

import dev.kumite.engine.ContainerRequest;
import dev.kumite.engine.ContainerStats;
import dev.kumite.engine.ProcessSpec;
import dev.kumite.oci.Resources;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Function;

/** What the supervisor needs of machines. Safe for use by several threads. */
interface Machines {

    /**
     * Makes a container, in a machine of its own or in that of its pod.
     *
     * @param environment the caller's variables, by name
     * @throws SupervisorException MACHINE, after all was released
     */
    Guest create(ContainerRequest request, Function<String, Optional<String>> environment);

    /**
     * Takes over a container whose supervisor has died.
     *
     * @param sandbox the machine's identity
     * @param container the container's
     * @return the container; empty if it is gone
     */
    Optional<Guest> adopt(String sandbox, String container);

    /** Releases what nobody has adopted. */
    void collectGarbage();

    /** A container in a machine. */
    interface Guest {

        /** {@return the identity of its machine} */
        String sandbox();

        /** {@return its first process; there before the start} */
        GuestProcess process();

        /** Starts its program. */
        void start();

        /** Starts a further program. */
        GuestProcess exec(ProcessSpec program);

        /**
         * {@return a program that {@link #exec} has started for an earlier supervisor; if it is
         * gone, waiting for its end says so}
         */
        GuestProcess find(String execId, boolean terminal);

        /** Sends a signal to the first process, or to all. */
        void signal(int number, boolean all);

        void pause();

        void resume();

        void update(Resources limits);

        /** {@return what it uses} */
        ContainerStats stats();

        /** {@return its status in the specification's words} */
        String status();

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

        OutputStream stdin();

        InputStream stdout();

        InputStream stderr();

        /** {@return its exit code, when it has ended; that of SIGKILL if its machine is gone} */
        int await();

        /** Does nothing if it has ended. */
        void signal(int number);

        void resize(int rows, int columns);
    }
}
