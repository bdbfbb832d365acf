package dev.kumite.guestagent;

import java.io.IOException;

/** Input and outputs of a process: three pipes, or a terminal. */
sealed interface ProcessStreams extends AutoCloseable permits PipeStreams, TerminalStreams {

    /** Gives the child its ends. */
    void prepare(ProcessBuilder builder) throws IOException;

    /** The child has its ends: ours of them are closed, so that an end is noticed. */
    void handedOver();

    /** Waits for what the child sends back, if anything. */
    void connect(Process child, long deadlineNanos);

    ProcessInput input();

    ProcessOutput output();

    /** {@return the second output; a terminal has none} */
    ProcessOutput errorOutput();

    /** The process has ended; what it wrote can still be read. */
    void processEnded();

    /** Sets the size of the terminal. */
    void resize(int rows, int columns);

    @Override
    void close();
}
