package dev.kumite.linux;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file descriptor that is closed with its owner. Safe for use by several threads: a descriptor
 * that is closed while another thread uses it is given back to the kernel when that use has ended,
 * so that its number cannot mean another file meanwhile; a thread that waits in a read or write
 * notices within a fraction of a second, and sees an end of file or {@link Errno#EBADF}.
 *
 * <p>All descriptors made by this module are closed on {@code execve} (close-on-exec).
 *
 * <p>Source: open(2), read(2), write(2), fcntl(2).
 */
public final class Fd implements AutoCloseable {
    /** Open for reading. Source: fcntl.h, the same on x86_64 and aarch64 unless said otherwise. */
    public static final int O_RDONLY = 0;

    /** Open for writing. */
    public static final int O_WRONLY = 1;

    /** Open for both. */
    public static final int O_RDWR = 2;

    /** Make the file if it is not there. */
    public static final int O_CREAT = 0x40;

    /** Fail if the file is there. */
    public static final int O_EXCL = 0x80;

    /** Do not make a terminal the controlling one. */
    public static final int O_NOCTTY = 0x100;

    /** Empty the file. */
    public static final int O_TRUNC = 0x200;

    /** Write at the end. */
    public static final int O_APPEND = 0x400;

    /** Do not block. */
    public static final int O_NONBLOCK = 0x800;

    /** Only a place in the file system, without opening what is there. */
    public static final int O_PATH = 0x200000;

    /** Fail if it is not a directory. */
    public static final int O_DIRECTORY =
            Architecture.CURRENT == Architecture.X86_64 ? 0x10000 : 0x4000;

    /** Fail if it is a symbolic link. */
    public static final int O_NOFOLLOW =
            Architecture.CURRENT == Architecture.X86_64 ? 0x20000 : 0x8000;

    static final int O_CLOEXEC = 0x80000;

    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int FD_CLOEXEC = 1;

    /** Most bytes moved by one call; each call has its own buffer outside the heap. */
    private static final int CHUNK_BYTES = 64 << 10;

    /** In {@link #uses}: closed, with the number of uses that have not ended in the other bits. */
    private static final int CLOSED = 1 << 31;

    private final int number;
    private final AtomicInteger uses = new AtomicInteger();
    private volatile boolean blocking = true;

    private Fd(int number) {
        this.number = number;
    }

    /**
     * Takes over a descriptor that is open already, for example one inherited from the parent
     * process.
     *
     * @param number at least 0; nobody else may close it
     */
    public static Fd of(int number) {
        if (number < 0) {
            throw new LinuxException("take over descriptor " + number, Errno.EBADF.number());
        }
        return new Fd(number);
    }

    /**
     * Opens a file, close-on-exec.
     *
     * @param flags the {@code O_} constants of this class
     * @param mode permissions of a file that is made, subject to the umask; otherwise not used
     * @throws LinuxException if it cannot be opened
     */
    public static Fd open(Path path, int flags, int mode) {
        try (Scratch scratch = new Scratch()) {
            long name = scratch.path(path);
            long result;
            do {
                result =
                        Syscall.call(
                                SyscallNumber.OPENAT,
                                Syscall.AT_FDCWD,
                                name,
                                flags | O_CLOEXEC,
                                mode);
            } while (result == -Syscall.EINTR);
            Fd fd = new Fd((int) LinuxException.check(result, "open \"" + path + "\""));
            fd.blocking = (flags & O_NONBLOCK) == 0;
            return fd;
        }
    }

    /** Opens a file that exists. See {@link #open(Path, int, int)}. */
    public static Fd open(Path path, int flags) {
        return open(path, flags, 0);
    }

    /**
     * Makes an empty file in memory that has no name and vanishes with its last descriptor.
     *
     * @param name for /proc only, at most 249 bytes
     * @see <a href="https://man7.org/linux/man-pages/man2/memfd_create.2.html">memfd_create(2)</a>
     */
    public static Fd memory(String name) {
        try (Scratch scratch = new Scratch()) {
            long result = Syscall.call(SyscallNumber.MEMFD_CREATE, scratch.text(name), FD_CLOEXEC);
            return new Fd(
                    (int) LinuxException.check(result, "make file \"" + name + "\" in memory"));
        }
    }

    /** {@return the owner of a descriptor that was made with {@link #O_NONBLOCK}} */
    static Fd nonBlocking(long number) {
        Fd fd = new Fd((int) number);
        fd.blocking = false;
        return fd;
    }

    /**
     * {@return the number in this process's table}
     *
     * @throws LinuxException if it is closed
     */
    public int number() {
        if (isClosed()) {
            throw closedException("use");
        }
        return number;
    }

    /**
     * {@return the path by which this process, and Java's own API, can open the same file again}
     * Does not work for sockets.
     */
    public Path path() {
        return Path.of("/proc/self/fd/" + number());
    }

    /** {@return whether {@link #close} was called} */
    public boolean isClosed() {
        return uses.get() < 0;
    }

    /** {@return another descriptor of the same open file, close-on-exec} */
    public Fd duplicate() {
        Fd copy = new Fd((int) use(SyscallNumber.FCNTL, F_DUPFD_CLOEXEC, 0, 0, "duplicate"));
        copy.blocking = blocking;
        return copy;
    }

    /**
     * Makes {@code number} another descriptor of the same open file, in place of what it was: no
     * other thread can get the number in between. Not close-on-exec.
     *
     * @see <a href="https://man7.org/linux/man-pages/man2/dup.2.html">dup3(2)</a>
     */
    public void replace(int number) {
        use(SyscallNumber.DUP3, number, 0, 0, "put in place of descriptor " + number + ":");
    }

    /** Says whether the descriptor is closed when this process executes another program. */
    public void setCloseOnExec(boolean closeOnExec) {
        use(SyscallNumber.FCNTL, F_SETFD, closeOnExec ? FD_CLOEXEC : 0, 0, "set close-on-exec of");
    }

    /**
     * Says whether the kernel blocks in reads and writes. The setting belongs to the open file, so
     * that whoever else has a descriptor of it is concerned, too. {@link #read} and {@link #write}
     * wait in both cases; without blocking in the kernel they are a little faster.
     */
    public void setNonBlocking(boolean nonBlocking) {
        long flags = use(SyscallNumber.FCNTL, F_GETFL, 0, 0, "read flags of");
        long wanted = nonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
        use(SyscallNumber.FCNTL, F_SETFL, wanted, 0, "set flags of");
        blocking = !nonBlocking;
    }

    /** Sets the length of a file in bytes. Source: ftruncate(2). */
    public void truncate(long length) {
        use(SyscallNumber.FTRUNCATE, length, 0, 0, "set the length of");
    }

    /**
     * Reads once, waiting without limit until something is there.
     *
     * @return the number of bytes put into the buffer, or -1 at the end of the file, after a
     *     hang-up of a terminal, or if another thread closes this
     * @throws LinuxException if it cannot be read
     */
    public int read(ByteBuffer into) {
        return read(into, Deadline.never());
    }

    /**
     * Reads once, waiting a limited time. See {@link #read(ByteBuffer)}.
     *
     * @throws LinuxException with {@link Errno#ETIMEDOUT} if nothing arrived in time
     */
    public int read(ByteBuffer into, Duration timeout) {
        return read(into, Deadline.in(timeout));
    }

    int read(ByteBuffer into, Deadline deadline) {
        if (!into.hasRemaining()) {
            return 0;
        }
        acquire("read");
        try (Scratch scratch = new Scratch()) {
            ByteBuffer chunk = scratch.bytes(Math.min(into.remaining(), CHUNK_BYTES));
            long count = transfer(SyscallNumber.READ, chunk, Readiness.READABLE, deadline);
            boolean closed = count == -Errno.EBADF.number() && isClosed();
            if (closed || (count == -Errno.EIO.number() && Terminal.isTerminal(number))) {
                // The master of a pseudo terminal reports the last close of the other side so.
                return -1;
            }
            LinuxException.check(count, "read " + describe());
            into.put(chunk.limit((int) count));
            return count == 0 ? -1 : (int) count;
        } finally {
            release();
        }
    }

    /**
     * Writes all that remains in the buffer, waiting without limit.
     *
     * @throws LinuxException if it cannot be written; some bytes may have been
     */
    public void write(ByteBuffer from) {
        write(from, Deadline.never());
    }

    /**
     * Writes all that remains in the buffer, waiting a limited time.
     *
     * @throws LinuxException with {@link Errno#ETIMEDOUT} if the other side did not take it in
     *     time; the buffer's position says how much it took
     */
    public void write(ByteBuffer from, Duration timeout) {
        write(from, Deadline.in(timeout));
    }

    void write(ByteBuffer from, Deadline deadline) {
        acquire("write");
        try (Scratch scratch = new Scratch()) {
            ByteBuffer chunk = scratch.bytes(Math.min(from.remaining(), CHUNK_BYTES));
            while (from.hasRemaining()) {
                int size = Math.min(from.remaining(), CHUNK_BYTES);
                chunk.clear().put(0, from, from.position(), size).limit(size);
                long count = transfer(SyscallNumber.WRITE, chunk, Readiness.WRITABLE, deadline);
                LinuxException.check(count, "write " + describe());
                from.position(from.position() + (int) count);
            }
        } finally {
            release();
        }
    }

    /**
     * Waits until there is something to read, the other side has closed, or the time is over.
     *
     * @return whether a read would not wait
     */
    public boolean awaitReadable(Duration timeout) {
        return await(Readiness.READABLE, Deadline.in(timeout));
    }

    boolean await(int events, Deadline deadline) {
        acquire("wait for");
        try {
            return Readiness.await(number, events, deadline, this::isClosed);
        } finally {
            release();
        }
    }

    /** {@return a stream of what is read; closing it closes this} */
    public InputStream inputStream() {
        return new FdInputStream(this);
    }

    /** {@return a stream that writes without a buffer; closing it closes this} */
    public OutputStream outputStream() {
        return new FdOutputStream(this);
    }

    /** Closes the descriptor. Calling it again has no effect. */
    @Override
    public void close() {
        int before = uses.getAndUpdate(u -> u | CLOSED);
        if (before == 0) {
            closeNow();
        } else if (before > 0) {
            Poller.wake(number);
        }
    }

    /**
     * Makes a call with this descriptor as its first argument.
     *
     * @return the result, not negative
     */
    long use(SyscallNumber call, long b, long c, long d, String verb) {
        return LinuxException.check(tryUse(call, b, c, d, verb), verb + " " + describe());
    }

    /** {@return the result or the negative error number} */
    long tryUse(SyscallNumber call, long b, long c, long d, String verb) {
        acquire(verb);
        try {
            long result;
            do {
                result = Syscall.call(call, number, b, c, d);
            } while (result == -Syscall.EINTR);
            return result;
        } finally {
            release();
        }
    }

    /** Moves bytes, waiting if need be; gives the negative error number if that fails. */
    private long transfer(SyscallNumber call, ByteBuffer chunk, int events, Deadline deadline) {
        boolean wait = blocking;
        while (true) {
            if (wait && !Readiness.await(number, events, deadline, this::isClosed)) {
                return isClosed() ? -Errno.EBADF.number() : -Errno.ETIMEDOUT.number();
            }
            if (isClosed()) {
                return -Errno.EBADF.number();
            }
            long count = Syscall.call(call, number, Scratch.address(chunk), chunk.limit());
            if (count == -Syscall.EAGAIN) {
                wait = true;
            } else if (count != -Syscall.EINTR) {
                return count;
            }
        }
    }

    /** Must be followed by {@link #release}. */
    void acquire(String verb) {
        int before = uses.getAndUpdate(u -> u < 0 ? u : u + 1);
        if (before < 0) {
            throw closedException(verb);
        }
    }

    void release() {
        if (uses.decrementAndGet() == CLOSED) {
            closeNow();
        }
    }

    private void closeNow() {
        // An error of close(2) cannot be acted upon: the descriptor is gone in any case.
        Syscall.call(SyscallNumber.CLOSE, number);
    }

    private LinuxException closedException(String verb) {
        return new LinuxException(verb + " closed " + describe(), Errno.EBADF.number());
    }

    private String describe() {
        return "descriptor " + number;
    }

    @Override
    public String toString() {
        return describe() + (isClosed() ? " (closed)" : "");
    }
}
