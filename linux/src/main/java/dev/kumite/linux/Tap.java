package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network interface whose packets a program sends and receives, for example a virtual machine.
 * Each queue is a descriptor.
 *
 * <p>Source: Linux Documentation/networking/tuntap.rst, include/uapi/linux/if_tun.h.
 *
 * @param name of the interface
 * @param queues at least one; closing all of them ends an interface that is not persistent
 */
public record Tap(String name, List<Fd> queues) implements AutoCloseable {
    private static final Path TUN = Path.of("/dev/net/tun");
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETPERSIST = 0x400454cbL;

    private static final int IFF_TAP = 0x2;
    private static final int IFF_MULTI_QUEUE = 0x100;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;

    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int MOST_NAME_BYTES = 15;

    /** Source: Linux drivers/net/tun.c, MAX_TAP_QUEUES. */
    private static final int MOST_QUEUES = 256;

    public Tap {
        queues = List.copyOf(queues);
    }

    /**
     * Makes a tap, or opens one that exists and is not in use, in the calling thread's network
     * namespace. Packets are preceded by a virtio header, as QEMU and vhost want it.
     *
     * @param name at most 15 bytes; empty or with {@code %d} for a name of the kernel's choice
     * @param queues from 1 to 256; more than 1 need an interface made for several
     */
    public static Tap open(String name, int queues) {
        if (queues < 1
                || queues > MOST_QUEUES
                || name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES) {
            throw new LinuxException(
                    "open tap \"" + name + "\" with " + queues + " queues", Syscall.EINVAL);
        }
        int flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | (queues > 1 ? IFF_MULTI_QUEUE : 0);
        List<Fd> opened = new ArrayList<>();
        try {
            String actual = name;
            for (int i = 0; i < queues; i++) {
                Fd queue = Fd.open(TUN, Fd.O_RDWR | Fd.O_NONBLOCK);
                opened.add(queue);
                actual = attach(queue, actual, flags);
            }
            return new Tap(actual, opened);
        } catch (LinuxException failure) {
            opened.forEach(Fd::close);
            throw failure;
        }
    }

    /**
     * Opens a queue of a macvtap.
     *
     * @param device its character device, usually /dev/tapN
     */
    public static Fd openMacvtap(Path device) {
        return Fd.open(device, Fd.O_RDWR | Fd.O_NONBLOCK);
    }

    /** Says whether the interface stays when its last queue is closed. */
    public void setPersistent(boolean persistent) {
        queues.getFirst()
                .use(SyscallNumber.IOCTL, TUNSETPERSIST, persistent ? 1 : 0, 0, "keep tap of");
    }

    private static String attach(Fd queue, String name, int flags) {
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        try (Scratch scratch = new Scratch()) {
            ByteBuffer request =
                    scratch.bytes(IFREQ_BYTES).put(0, encoded).putShort(IFREQ_FLAGS, (short) flags);
            LinuxException.check(
                    queue.tryUse(
                            SyscallNumber.IOCTL, TUNSETIFF, Scratch.address(request), 0, "use"),
                    "open tap \"" + name + "\"");
            byte[] actual = new byte[MOST_NAME_BYTES];
            request.get(0, actual);
            return new String(actual, StandardCharsets.UTF_8).replace("\0", "");
        }
    }

    /** Closes all queues. */
    @Override
    public void close() {
        queues.forEach(Fd::close);
    }
}
