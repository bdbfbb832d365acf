package dev.kumite.vsockdevice;

import dev.kumite.linux.Errno;
import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * QEMU's side of the device: who the guest's memory and queues are told by. Confined to one thread.
 *
 * <p>Source: QEMU, docs/interop, "Vhost-user Protocol".
 */
final class VhostUser {

    // Requests that QEMU makes of a socket device, by their numbers.
    private static final int GET_FEATURES = 1;
    private static final int SET_FEATURES = 2;
    private static final int SET_OWNER = 3;
    private static final int RESET_OWNER = 4;
    private static final int SET_MEM_TABLE = 5;
    private static final int SET_VRING_NUM = 8;
    private static final int SET_VRING_ADDR = 9;
    private static final int SET_VRING_BASE = 10;
    private static final int GET_VRING_BASE = 11;
    private static final int SET_VRING_KICK = 12;
    private static final int SET_VRING_CALL = 13;
    private static final int SET_VRING_ERR = 14;
    private static final int GET_PROTOCOL_FEATURES = 15;
    private static final int SET_PROTOCOL_FEATURES = 16;
    private static final int GET_QUEUE_NUM = 17;
    private static final int SET_VRING_ENABLE = 18;
    private static final int GET_CONFIG = 24;
    private static final int SET_CONFIG = 25;

    /** There are protocol features. Source: {@code VHOST_USER_F_PROTOCOL_FEATURES}. */
    private static final long PROTOCOL_FEATURES = 1L << 30;

    /** Source: virtio 1.2, 6: {@code VIRTIO_F_VERSION_1}. */
    private static final long VERSION_1 = 1L << 32;

    /** Each message may want an answer. Source: {@code VHOST_USER_PROTOCOL_F_REPLY_ACK}. */
    private static final long REPLY_ACK = 1L << 3;

    /** The device has the configuration space. Source: {@code VHOST_USER_PROTOCOL_F_CONFIG}. */
    private static final long CONFIG = 1L << 9;

    private static final int HEADER_BYTES = 12;
    private static final int VERSION = 1;
    private static final int VERSION_MASK = 3;
    private static final int FLAG_REPLY = 4;
    private static final int FLAG_NEED_REPLY = 8;

    /** In place of an index of a queue: no descriptor comes with it. */
    private static final int NO_DESCRIPTOR = 1 << 8;

    private static final int INDEX_MASK = 0xff;

    /** Longest content; that of a memory table is 264. */
    private static final int MOST_BYTES = 4096;

    private static final int CONFIG_HEAD_BYTES = 12;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final UnixSocket qemu;
    private final VsockDevice device;
    private final Map<Integer, Fd> kicks = new HashMap<>();

    VhostUser(UnixSocket qemu, VsockDevice device) {
        this.qemu = qemu;
        this.device = device;
    }

    /** Answers until QEMU closes the connection. */
    void serve() {
        try {
            boolean open = true;
            while (open) {
                open = serveOne();
            }
        } finally {
            kicks.values().forEach(Fd::close);
        }
    }

    /** {@return false if QEMU has closed the connection instead} */
    private boolean serveOne() {
        ByteBuffer header = buffer(HEADER_BYTES);
        UnixSocket.Received received = qemu.receive(header, GuestMemory.MOST_REGIONS, FOREVER);
        if (received.count() < 0) {
            return false;
        }
        List<Fd> files = new ArrayList<>(received.descriptors());
        try {
            fill(header);
            header.flip();
            int request = header.getInt();
            int flags = header.getInt();
            int size = header.getInt();
            if ((flags & VERSION_MASK) != VERSION || size < 0 || size > MOST_BYTES) {
                throw new DeviceException(
                        "request " + request + " of vhost-user with " + size + " bytes");
            }
            ByteBuffer content = buffer(size);
            fill(content);
            answer(request, flags, content.flip(), files);
            return true;
        } finally {
            files.forEach(Fd::close);
        }
    }

    private void fill(ByteBuffer buffer) {
        while (buffer.hasRemaining()) {
            if (qemu.fd().read(buffer, PATIENCE) < 0) {
                throw new DeviceException("QEMU has closed in the middle of a message");
            }
        }
    }

    /**
     * Answers one request.
     *
     * @param files what came with it; what is kept is removed from the list
     */
    private void answer(int request, int flags, ByteBuffer content, List<Fd> files) {
        Optional<ByteBuffer> reply =
                switch (request) {
                    case GET_FEATURES -> number(VERSION_1 | PROTOCOL_FEATURES);
                    case GET_PROTOCOL_FEATURES -> number(REPLY_ACK | CONFIG);
                    case GET_QUEUE_NUM -> number(VsockDevice.QUEUES);
                    case GET_CONFIG -> Optional.of(configuration(content));
                    case GET_VRING_BASE -> Optional.of(stop(integer(content)));
                    default -> {
                        apply(request, content, files);
                        yield (flags & FLAG_NEED_REPLY) == 0 ? Optional.empty() : number(0);
                    }
                };
        reply.ifPresent(bytes -> send(request, bytes));
    }

    private void apply(int request, ByteBuffer content, List<Fd> files) {
        switch (request) {
            case SET_FEATURES,
                    SET_OWNER,
                    RESET_OWNER,
                    SET_PROTOCOL_FEATURES,
                    SET_VRING_ERR,
                    SET_CONFIG -> {
                // nothing that this device does depends on it
            }
            case SET_MEM_TABLE -> device.setMemory(content, files);
            case SET_VRING_NUM -> {
                int index = integer(content);
                int entries = integer(content);
                device.withQueue(index, queue -> queue.setSize(entries));
            }
            case SET_VRING_ADDR -> setAddresses(content);
            case SET_VRING_BASE -> {
                int index = integer(content);
                int base = integer(content);
                device.withQueue(index, queue -> queue.setBase(base));
            }
            case SET_VRING_ENABLE -> {
                int index = integer(content);
                int on = integer(content);
                device.withQueue(index, queue -> queue.setEnabled(on != 0));
                device.pump();
            }
            case SET_VRING_CALL -> {
                int index = integer(content);
                Optional<Fd> call = file(index, files);
                device.withQueue(index & INDEX_MASK, queue -> queue.setCall(call));
                call.ifPresent(files::remove);
            }
            case SET_VRING_KICK -> {
                int index = integer(content);
                Optional<Fd> kick = file(index, files);
                kickBy(index & INDEX_MASK, kick);
                kick.ifPresent(files::remove);
            }
            default -> throw new DeviceException("request " + request + " of vhost-user");
        }
    }

    private void setAddresses(ByteBuffer content) {
        int index = integer(content);
        int _ = integer(content);
        if (content.remaining() < 3 * Long.BYTES) {
            throw new DeviceException("addresses of a queue that are not there");
        }
        Virtqueue.Addresses addresses =
                new Virtqueue.Addresses(content.getLong(), content.getLong(), content.getLong());
        device.withQueue(index, queue -> queue.setAddresses(addresses));
    }

    private static Optional<Fd> file(int index, List<Fd> files) {
        return (index & NO_DESCRIPTOR) != 0 || files.isEmpty()
                ? Optional.empty()
                : Optional.of(files.getFirst());
    }

    private void kickBy(int index, Optional<Fd> eventFd) {
        Fd kick = eventFd.orElseThrow(() -> new DeviceException("a queue that nobody tells of"));
        device.withQueue(index, Virtqueue::start);
        Fd before = kicks.put(index, kick);
        if (before != null) {
            before.close();
        }
        Thread _ = device.threads().start("queue-" + index, () -> awaitKicks(kick));
    }

    private void awaitKicks(Fd kick) {
        ByteBuffer count = ByteBuffer.allocate(Long.BYTES);
        device.pump(); // the guest may have told before
        try {
            while (kick.read(count.clear()) >= 0) {
                device.pump();
            }
        } catch (LinuxException e) {
            if (e.errno() != Errno.EBADF) {
                throw e;
            }
            // This queue has another one now, or none.
        }
    }

    private ByteBuffer stop(int index) {
        int base = device.stop(index);
        Fd kick = kicks.remove(index);
        if (kick != null) {
            kick.close();
        }
        return buffer(2 * Integer.BYTES).putInt(index).putInt(base).flip();
    }

    /** Source: virtio 1.2, 5.10.4: the guest's address, and nothing else. */
    private ByteBuffer configuration(ByteBuffer content) {
        int offset = integer(content);
        int size = integer(content);
        int flags = integer(content);
        if (offset < 0 || offset > MOST_BYTES || size < 0 || size > content.remaining()) {
            throw new DeviceException(size + " bytes of configuration at " + offset);
        }
        ByteBuffer reply = buffer(CONFIG_HEAD_BYTES + size);
        reply.putInt(offset).putInt(size).putInt(flags);
        byte[] all = buffer(Long.BYTES).putLong(device.guestCid()).array();
        for (int i = offset; i < offset + size; i++) {
            reply.put(i < all.length ? all[i] : 0);
        }
        return reply.flip();
    }

    private static int integer(ByteBuffer content) {
        if (content.remaining() < Integer.BYTES) {
            throw new DeviceException("a request of vhost-user that is too short");
        }
        return content.getInt();
    }

    private static Optional<ByteBuffer> number(long value) {
        return Optional.of(buffer(Long.BYTES).putLong(value).flip());
    }

    private void send(int request, ByteBuffer content) {
        ByteBuffer message =
                buffer(HEADER_BYTES + content.remaining())
                        .putInt(request)
                        .putInt(VERSION | FLAG_REPLY)
                        .putInt(content.remaining())
                        .put(content)
                        .flip();
        qemu.fd().write(message, PATIENCE);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
