package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The machine as a whole: its name, clock, randomness and end. All of it needs root.
 *
 * <p>Source: sethostname(2), clock_settime(2), random(4), sync(2), reboot(2).
 */
public final class Machine {
    /** Source: gethostname(2), HOST_NAME_MAX. */
    private static final int MOST_NAME_BYTES = 64;

    private static final int CLOCK_REALTIME = 0;
    private static final int TIMESPEC_BYTES = 16;

    // Source: Linux include/uapi/linux/random.h.
    private static final long RNDADDENTROPY = 0x40085203L;
    private static final long RNDRESEEDCRNG = 0x5207;
    private static final Path RANDOM = Path.of("/dev/random");

    /** More than the kernel's pool holds makes no sense. */
    private static final int MOST_ENTROPY_BYTES = 4096;

    // Source: Linux include/uapi/linux/reboot.h.
    private static final long MAGIC_1 = 0xfee1deadL;
    private static final long MAGIC_2 = 672274793;
    private static final long RESTART = 0x1234567;
    private static final long POWER_OFF = 0x4321fedcL;

    private Machine() {}

    /**
     * Sets the host name of the calling thread's UTS namespace.
     *
     * @param name at most 64 bytes
     */
    public static void setHostname(String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        try (Scratch scratch = new Scratch()) {
            long text = scratch.text(name);
            if (length > MOST_NAME_BYTES) {
                throw new LinuxException(
                        "set host name \"" + name + "\" of more than " + MOST_NAME_BYTES + " bytes",
                        Errno.ENAMETOOLONG.number());
            }
            LinuxException.check(
                    Syscall.call(SyscallNumber.SETHOSTNAME, text, length),
                    "set host name \"" + name + "\"");
        }
    }

    /** Sets the clock that tells the date. */
    public static void setClock(Instant now) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer time =
                    scratch.bytes(TIMESPEC_BYTES)
                            .putLong(0, now.getEpochSecond())
                            .putLong(8, now.getNano());
            LinuxException.check(
                    Syscall.call(
                            SyscallNumber.CLOCK_SETTIME, CLOCK_REALTIME, Scratch.address(time)),
                    "set the clock to " + now);
        }
    }

    /**
     * Gives the kernel random bytes, counted as fully random, and has its generator use them at
     * once.
     *
     * @param bytes from a trusted source, at most 4096
     */
    public static void addEntropy(byte[] bytes) {
        if (bytes.length > MOST_ENTROPY_BYTES) {
            throw new LinuxException(
                    "add " + bytes.length + " random bytes, more than " + MOST_ENTROPY_BYTES + ",",
                    Syscall.EINVAL);
        }
        try (Fd random = Fd.open(RANDOM, Fd.O_RDWR);
                Scratch scratch = new Scratch()) {
            ByteBuffer pool =
                    scratch.bytes(2 * Integer.BYTES + bytes.length)
                            .putInt(0, bytes.length * Byte.SIZE)
                            .putInt(4, bytes.length)
                            .put(8, bytes);
            random.use(
                    SyscallNumber.IOCTL, RNDADDENTROPY, Scratch.address(pool), 0, "add entropy to");
            random.use(SyscallNumber.IOCTL, RNDRESEEDCRNG, 0, 0, "reseed");
        }
    }

    /** Writes all file systems' changes to their devices. */
    public static void sync() {
        Syscall.call(SyscallNumber.SYNC);
    }

    /** Writes the changes of the file system that the file is on to its device. */
    public static void syncFileSystem(Fd file) {
        file.use(SyscallNumber.SYNCFS, 0, 0, 0, "write back the file system of");
    }

    /** Switches the machine off at once, without ending processes. Does not return if it works. */
    public static void powerOff() {
        reboot(POWER_OFF, "switch the machine off");
    }

    /** Restarts the machine at once, without ending processes. Does not return if it works. */
    public static void restart() {
        reboot(RESTART, "restart the machine");
    }

    private static void reboot(long command, String what) {
        LinuxException.check(
                Syscall.call(SyscallNumber.REBOOT, MAGIC_1, MAGIC_2, command, 0), what);
    }
}
