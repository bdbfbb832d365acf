package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The settings of a terminal.
 *
 * <p>Source: ioctl_tty(2), termios(3), pts(4).
 */
public final class Terminal {
    /**
     * The size of a terminal's window; 0 means not known.
     *
     * @param rows lines, from 0 to 65535
     * @param columns characters in a line, from 0 to 65535
     */
    public record Size(int rows, int columns) {
        public Size {
            if (rows < 0 || rows > 0xffff || columns < 0 || columns > 0xffff) {
                throw new LinuxException(
                        "make a terminal of " + rows + " rows and " + columns + " columns",
                        Syscall.EINVAL);
            }
        }
    }

    /** The settings of a terminal at some time, to be restored later. */
    public static final class State {
        private final byte[] termios;

        private State(byte[] termios) {
            this.termios = termios;
        }
    }

    /**
     * Both sides of a new pseudo terminal.
     *
     * @param master the side of the program that plays the screen and keyboard
     * @param slave the side of the program that runs in the terminal
     */
    public record Pair(Fd master, Fd slave) implements AutoCloseable {
        /** Closes both sides. */
        @Override
        public void close() {
            master.close();
            slave.close();
        }
    }

    // Source: Linux include/uapi/asm-generic/ioctls.h, the same on x86_64 and aarch64.
    private static final long TCGETS = 0x5401;
    private static final long TCSETS = 0x5402;
    private static final long TIOCGWINSZ = 0x5413;
    private static final long TIOCSWINSZ = 0x5414;
    private static final long TIOCSPTLCK = 0x40045431L;
    private static final long TIOCGPTPEER = 0x5441;

    /** Source: PATH_MAX. */
    private static final int MOST_NAME_BYTES = 4096;

    private static final int WINSIZE_BYTES = 8;

    // struct termios of the kernel: four words, the line discipline, 19 control characters.
    private static final int TERMIOS_BYTES = 36;
    private static final int INPUT = 0;
    private static final int OUTPUT = 4;
    private static final int CONTROL = 8;
    private static final int LOCAL = 12;
    private static final int CHARACTERS = 17;
    private static final int VTIME = CHARACTERS + 5;
    private static final int VMIN = CHARACTERS + 6;

    private Terminal() {}

    /** {@return whether the descriptor is a terminal} */
    public static boolean isTerminal(Fd fd) {
        return isTerminal(fd.number());
    }

    static boolean isTerminal(int fd) {
        try (Scratch scratch = new Scratch()) {
            long termios = Scratch.address(scratch.bytes(TERMIOS_BYTES));
            return Syscall.call(SyscallNumber.IOCTL, fd, TCGETS, termios) == 0;
        }
    }

    /** {@return the settings as they are} */
    public static State state(Fd fd) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer termios = scratch.bytes(TERMIOS_BYTES);
            ioctl(fd, TCGETS, termios, "read settings of terminal,");
            byte[] copy = new byte[TERMIOS_BYTES];
            termios.get(0, copy);
            return new State(copy);
        }
    }

    /** Sets the settings to what they were. */
    public static void restore(Fd fd, State state) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer termios = scratch.bytes(TERMIOS_BYTES).put(0, state.termios);
            ioctl(fd, TCSETS, termios, "set terminal,");
        }
    }

    /**
     * Makes the terminal pass every byte on as it is: no echo, no lines, no signals, no translation
     * of line ends; 8 bits.
     *
     * <p>Source: termios(3), cfmakeraw.
     *
     * @return the settings before, for {@link #restore}
     */
    public static State makeRaw(Fd fd) {
        State before = state(fd);
        try (Scratch scratch = new Scratch()) {
            ByteBuffer termios = scratch.bytes(TERMIOS_BYTES).put(0, before.termios);
            // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON; OPOST; ECHO ECHONL ICANON ISIG
            // IEXTEN; CSIZE PARENB, CS8
            termios.putInt(INPUT, termios.getInt(INPUT) & ~0x5eb);
            termios.putInt(OUTPUT, termios.getInt(OUTPUT) & ~0x1);
            termios.putInt(LOCAL, termios.getInt(LOCAL) & ~0x804b);
            termios.putInt(CONTROL, (termios.getInt(CONTROL) & ~0x130) | 0x30);
            termios.put(VMIN, (byte) 1).put(VTIME, (byte) 0);
            ioctl(fd, TCSETS, termios, "set terminal,");
        }
        return before;
    }

    /** {@return the size of the window} */
    public static Size size(Fd fd) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer size = scratch.bytes(WINSIZE_BYTES);
            ioctl(fd, TIOCGWINSZ, size, "read size of terminal,");
            return new Size(size.getShort(0) & 0xffff, size.getShort(2) & 0xffff);
        }
    }

    /** Sets the size of the window; programs that run in it are told by SIGWINCH. */
    public static void resize(Fd fd, Size wanted) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer size =
                    scratch.bytes(WINSIZE_BYTES)
                            .putShort(0, (short) wanted.rows())
                            .putShort(2, (short) wanted.columns());
            ioctl(fd, TIOCSWINSZ, size, "set size of terminal,");
        }
    }

    /** Makes a new pseudo terminal in the mount of devpts that /dev/ptmx belongs to. */
    public static Pair open() {
        Fd master = Fd.open(Path.of("/dev/ptmx"), Fd.O_RDWR | Fd.O_NOCTTY);
        try (Scratch scratch = new Scratch()) {
            ioctl(master, TIOCSPTLCK, scratch.bytes(Integer.BYTES), "unlock terminal,");
            long slave =
                    master.use(
                            SyscallNumber.IOCTL,
                            TIOCGPTPEER,
                            Fd.O_RDWR | Fd.O_NOCTTY | Fd.O_CLOEXEC,
                            0,
                            "open other side of terminal,");
            return new Pair(master, Fd.of((int) slave));
        } catch (LinuxException failure) {
            master.close();
            throw failure;
        }
    }

    /**
     * Receives the master side of a terminal that an OCI runtime, called with {@code
     * --console-socket}, has made for a container.
     *
     * <p>Source: OCI runc docs/terminals.md, "Detached Pseudo-Terminal".
     *
     * @param console where the runtime was told to connect to
     * @throws LinuxException with {@link Errno#ETIMEDOUT} if nothing comes in time, {@link
     *     Errno#ENOTTY} if what comes is no terminal
     */
    public static Fd receive(UnixServer console, Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        String what = "receive a terminal over \"" + console.path() + "\"";
        try (UnixSocket connection =
                console.accept(timeout).orElseThrow(() -> LinuxException.timedOut(what))) {
            // The data is the name of the terminal in the container; the descriptor is the thing.
            UnixSocket.Received received =
                    connection.receive(
                            ByteBuffer.allocate(MOST_NAME_BYTES),
                            1,
                            Duration.ofNanos(deadline.remainingNanos()));
            List<Fd> descriptors = received.descriptors();
            if (descriptors.isEmpty() || !isTerminal(descriptors.getFirst())) {
                descriptors.forEach(Fd::close);
                throw new LinuxException(what, Syscall.ENOTTY);
            }
            return descriptors.getFirst();
        }
    }

    private static void ioctl(Fd fd, long request, ByteBuffer argument, String verb) {
        fd.use(SyscallNumber.IOCTL, request, Scratch.address(argument), 0, verb);
    }
}
