package dev.kumite.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The way to {@code syscall(2)} over Java's public API. */
final class LinkedCall {
    private static final MethodHandle SYSCALL = handle();

    private LinkedCall() {}

    /**
     * Makes the call once.
     *
     * @param errno four bytes for the error number
     * @return the result; -1 if there is an error number
     */
    static long call(
            MemorySegment errno, long number, long a, long b, long c, long d, long e, long f)
            throws Throwable {
        return (long) SYSCALL.invokeExact(errno, number, a, b, c, d, e, f);
    }

    // This is the module for which native access is enabled.
    @SuppressWarnings("restricted")
    private static MethodHandle handle() {
        Linker linker = Linker.nativeLinker();
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                Linker.Option.captureCallState("errno"));
    }
}
