package dev.kumite.linux;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import jdk.internal.access.SharedSecrets;
import jdk.internal.foreign.SystemLookup;
import jdk.internal.foreign.abi.ABIDescriptor;
import jdk.internal.foreign.abi.NativeEntryPoint;
import jdk.internal.foreign.abi.VMStorage;
import jdk.internal.foreign.abi.x64.X86_64Architecture;
import jdk.internal.foreign.abi.x64.X86_64Architecture.Regs;
import org.jspecify.annotations.Nullable;

/**
 * The shortcut to {@code syscall(2)}: the native entry point that {@link java.lang.foreign.Linker}
 * would make in the end, without the way there. That way (layouts, bindings, bytecode for the
 * shape) takes some 60 ms of processor time at every start, and twenty times that in a guest
 * without KVM; the code that runs afterwards is the same.
 *
 * <p>It needs JDK 25 on x86_64, and the options of {@link #JAVA_OPTIONS}. Where anything is missing
 * or different, or does not pass the check, it is not available and {@link Syscall} takes the
 * public way.
 *
 * <p>Source: OpenJDK 25, jdk.internal.foreign.abi.DowncallLinker and
 * jdk.internal.foreign.abi.x64.sysv.CallArranger; System V ABI for AMD64, 3.2.
 */
final class DirectCall {
    /** What a launcher passes to Java so that the shortcut is taken. */
    static final String JAVA_OPTIONS =
            "--add-exports=java.base/jdk.internal.access=ALL-UNNAMED"
                    + " --add-exports=java.base/jdk.internal.foreign=ALL-UNNAMED"
                    + " --add-exports=java.base/jdk.internal.foreign.abi=ALL-UNNAMED"
                    + " --add-exports=java.base/jdk.internal.foreign.abi.x64=ALL-UNNAMED";

    /** The release whose internals are known. */
    private static final int JDK = 25;

    /** Source: OpenJDK 25, jdk.internal.foreign.abi.CapturableState.ERRNO. */
    private static final int CAPTURE_ERRNO = 1 << 2;

    private static final int EBADF = 9;

    private static final short WORD_BYTES = 8;
    private static final int STACK_ALIGNMENT_BYTES = 16;

    private static final @Nullable MethodHandle SYSCALL = makeIfPossible();

    /** Of the C library's {@code syscall}; 0 if the shortcut is not available. */
    private static final long ADDRESS = SYSCALL == null ? 0 : address();

    private DirectCall() {}

    static boolean isAvailable() {
        return SYSCALL != null;
    }

    /**
     * Makes the call once.
     *
     * @param errno address of four bytes for the error number
     * @return the result; -1 if there is an error number
     */
    static long call(long errno, long number, long a, long b, long c, long d, long e, long f)
            throws Throwable {
        return (long) requireNonNull(SYSCALL).invokeExact(ADDRESS, errno, number, a, b, c, d, e, f);
    }

    private static @Nullable MethodHandle makeIfPossible() {
        if (Runtime.version().feature() != JDK || Architecture.CURRENT != Architecture.X86_64) {
            return null;
        }
        try {
            MethodHandle handle = make();
            return works(handle) ? handle : null;
        } catch (LinkageError | RuntimeException | InternalError notThisJdk) {
            // For example IllegalAccessError: the options are missing.
            return null;
        }
    }

    private static MethodHandle make() {
        VMStorage[] arguments = {Regs.rdi, Regs.rsi, Regs.rdx, Regs.rcx, Regs.r8, Regs.r9};
        VMStorage[] results = {Regs.rax};
        VMStorage[] none = {};
        ABIDescriptor abi =
                X86_64Architecture.abiFor(
                        arguments,
                        none,
                        results,
                        none,
                        0,
                        new VMStorage[] {Regs.r10, Regs.r11},
                        none,
                        STACK_ALIGNMENT_BYTES,
                        0,
                        Regs.r10,
                        Regs.r11);
        VMStorage[] moves = {
            abi.targetAddrStorage(),
            abi.capturedStateStorage(),
            Regs.rdi,
            Regs.rsi,
            Regs.rdx,
            Regs.rcx,
            Regs.r8,
            Regs.r9,
            X86_64Architecture.stackStorage(WORD_BYTES, 0)
        };
        Class<?> word = long.class;
        MethodType type =
                MethodType.methodType(word, word, word, word, word, word, word, word, word, word);
        NativeEntryPoint entry =
                NativeEntryPoint.make(abi, moves, results, type, false, CAPTURE_ERRNO, true, false);
        return SharedSecrets.getJavaLangInvokeAccess().nativeMethodHandle(entry);
    }

    private static long address() {
        return SystemLookup.getInstance().findOrThrow("syscall").address();
    }

    /** Whether a call succeeds that must, and one fails that must, each in the right way. */
    private static boolean works(MethodHandle handle) {
        long address = address();
        long getPid = SyscallNumber.GETPID.on(Architecture.X86_64);
        long close = SyscallNumber.CLOSE.on(Architecture.X86_64);
        try (Scratch scratch = new Scratch()) {
            ByteBuffer errno = scratch.bytes(Integer.BYTES);
            long place = Scratch.address(errno);
            long pid = (long) handle.invokeExact(address, place, getPid, 0L, 0L, 0L, 0L, 0L, 0L);
            long closed = (long) handle.invokeExact(address, place, close, -1L, 0L, 0L, 0L, 0L, 0L);
            return pid > 0 && closed == -1 && errno.getInt(0) == EBADF;
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new AssertionError("syscall(2) has no checked exceptions", failure);
        }
    }
}
