package dev.kumite.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * The one way into the kernel: {@code syscall(2)} with six arguments.
 *
 * <p>There is a single handle, because each shape of handle costs tens of milliseconds when it is
 * first made, and that again for every start of the virtual machine: {@link DirectCall} where it
 * can be had, {@link LinkedCall} otherwise. For the same reason structures are read and written
 * through {@link java.nio.ByteBuffer} (see {@link Scratch}) and not through memory layouts, whose
 * variable handles are made on first use, too.
 *
 * <p>A call that blocks occupies the thread that carries a virtual thread; see {@link Readiness}.
 *
 * <p>Source: syscall(2).
 */
final class Syscall {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ECHILD = 10;
    static final int EEXIST = 17;
    static final int EINVAL = 22;
    static final int ENOTTY = 25;
    static final int EPIPE = 32;
    static final int EINPROGRESS = 115;

    /** For calls that take a directory: the current one. Source: fcntl.h. */
    static final long AT_FDCWD = -100;

    private Syscall() {}

    /**
     * Makes the call once.
     *
     * @return the result, or the negative error number
     */
    static long call(SyscallNumber call, long a, long b, long c, long d, long e, long f) {
        return call(call.on(Architecture.CURRENT), a, b, c, d, e, f);
    }

    static long call(SyscallNumber call, long a, long b, long c, long d, long e) {
        return call(call, a, b, c, d, e, 0);
    }

    static long call(SyscallNumber call, long a, long b, long c, long d) {
        return call(call, a, b, c, d, 0, 0);
    }

    static long call(SyscallNumber call, long a, long b, long c) {
        return call(call, a, b, c, 0, 0, 0);
    }

    static long call(SyscallNumber call, long a, long b) {
        return call(call, a, b, 0, 0, 0, 0);
    }

    static long call(SyscallNumber call, long a) {
        return call(call, a, 0, 0, 0, 0, 0);
    }

    static long call(SyscallNumber call) {
        return call(call, 0, 0, 0, 0, 0, 0);
    }

    private static long call(long number, long a, long b, long c, long d, long e, long f) {
        // The error number is taken before the virtual machine makes calls of its own.
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Integer.BYTES, Integer.BYTES);
            long result =
                    DirectCall.isAvailable()
                            ? DirectCall.call(errno.address(), number, a, b, c, d, e, f)
                            : LinkedCall.call(errno, number, a, b, c, d, e, f);
            return result == -1 ? -errorNumber(errno) : result;
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new AssertionError("syscall(2) has no checked exceptions", failure);
        }
    }

    private static int errorNumber(MemorySegment errno) {
        return errno.asByteBuffer().order(ByteOrder.nativeOrder()).getInt(0);
    }
}
