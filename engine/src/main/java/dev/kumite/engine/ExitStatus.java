package dev.kumite.engine;

import java.util.OptionalInt;

/**
 * How a process in a container ended.
 *
 * @param code the exit code, 0 to 255; 128 + the signal's number for a process that a signal ended
 * @param oomKilled whether the container ran out of memory while the process ran
 */
public record ExitStatus(int code, boolean oomKilled) {

    private static final int SIGNALLED = 128;

    /** {@return whether the exit code is 0} */
    public boolean isSuccess() {
        return code == 0;
    }

    /**
     * {@return the number of the signal that probably ended the process; nothing if the code is 128
     * or less, as an exit code above may also be the program's own}
     */
    public OptionalInt signal() {
        return code > SIGNALLED ? OptionalInt.of(code - SIGNALLED) : OptionalInt.empty();
    }
}
