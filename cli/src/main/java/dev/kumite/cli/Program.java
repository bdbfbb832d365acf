package dev.kumite.cli;

import dev.kumite.engine.ContainerProcess;
import dev.kumite.engine.EngineException;
import dev.kumite.engine.ExitStatus;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** A program that runs elsewhere, with what it takes to be in front of it here. */
interface Program {

    /** {@return a process in a container} */
    static Program of(ContainerProcess process) {
        return new InContainer(process);
    }

    /** {@return whether it has a terminal} */
    boolean terminal();

    /** {@return its standard input} */
    OutputStream stdin();

    /** {@return its standard output} */
    InputStream stdout();

    /** {@return its standard error} */
    InputStream stderr();

    /** {@return how it has ended, once it has} */
    ExitStatus await();

    /** {@return whether it ends within so long} */
    boolean endsWithin(Duration timeout);

    /** Sends it a signal. */
    void signal(int number);

    /** Tells its terminal the size in characters. */
    void resize(int rows, int columns);

    /** A process in a container. */
    record InContainer(ContainerProcess process) implements Program {
        @Override
        public boolean terminal() {
            return process.terminal();
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
        public ExitStatus await() {
            return process.await();
        }

        @Override
        public boolean endsWithin(Duration timeout) {
            try {
                process.await(timeout);
                return true;
            } catch (EngineException failure) {
                return failure.category() != EngineException.Category.TIMEOUT;
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
}
