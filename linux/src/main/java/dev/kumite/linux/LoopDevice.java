package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A block device whose content is a file. It is there as long as somebody has it open or mounted,
 * and no longer: whoever mounts it closes this then.
 *
 * <p>Source: loop(4); Linux include/uapi/linux/loop.h.
 *
 * @param path the device
 * @param opened keeps it
 */
public record LoopDevice(Path path, Fd opened) implements AutoCloseable {
    private static final Path CONTROL = Path.of("/dev/loop-control");
    private static final long LOOP_CTL_GET_FREE = 0x4c82;
    private static final long LOOP_CONFIGURE = 0x4c0a;

    // struct loop_config, and in it struct loop_info64
    private static final int CONFIG_BYTES = 304;
    private static final int CONFIG_FLAGS = 60;
    private static final int LO_FLAGS_READ_ONLY = 1;
    private static final int LO_FLAGS_AUTOCLEAR = 4;

    /** How often somebody else may be faster to take the device that was free. */
    private static final int MOST_TRIES = 16;

    /**
     * {@return a device for a file} Needs CAP_SYS_ADMIN and Linux 5.8.
     *
     * @throws LinuxException if the file cannot be opened, or the kernel has no such devices
     */
    public static LoopDevice attach(Path file, boolean readOnly) {
        int access = readOnly ? Fd.O_RDONLY : Fd.O_RDWR;
        try (Fd content = Fd.open(file, access);
                Fd control = Fd.open(CONTROL, Fd.O_RDWR)) {
            for (int i = 1; ; i++) {
                long free =
                        control.use(
                                SyscallNumber.IOCTL, LOOP_CTL_GET_FREE, 0, 0, "ask for a loop,");
                Path path = Path.of("/dev/loop" + free);
                Fd device = Fd.open(path, access);
                try {
                    configure(device, content, readOnly);
                    return new LoopDevice(path, device);
                } catch (LinuxException failure) {
                    device.close();
                    if (failure.errno() != Errno.EBUSY || i == MOST_TRIES) {
                        throw failure;
                    }
                }
            }
        }
    }

    private static void configure(Fd device, Fd content, boolean readOnly) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer config = scratch.bytes(CONFIG_BYTES);
            config.putInt(0, content.number());
            config.putInt(CONFIG_FLAGS, LO_FLAGS_AUTOCLEAR | (readOnly ? LO_FLAGS_READ_ONLY : 0));
            long _ =
                    device.use(
                            SyscallNumber.IOCTL,
                            LOOP_CONFIGURE,
                            Scratch.address(config),
                            0,
                            "attach a file to loop,");
        }
    }

    @Override
    public void close() {
        opened.close();
    }
}
