package dev.kumite.guestagent;

import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.ttrpc.TtrpcServer;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * A virtio-serial port that the host comes to and leaves as it likes. While nobody is there, a read
 * ends at once; so this waits a moment between two of them, and takes the first byte for the start
 * of a new connection. Confined to the thread that serves it.
 *
 * <p>Source: Linux drivers/char/virtio_console.c, port_fops_read.
 */
final class SerialPort extends InputStream {

    /** Names of ports, with a number from 0 on. */
    static final String NAME = "dev.kumite.agent.";

    private static final File PORTS = new File("/sys/class/virtio-ports");

    /** Grows from the first to the last while nobody is there: an idle guest should sleep. */
    private static final long FIRST_PAUSE_NANOS = 5_000_000;

    private static final long LAST_PAUSE_NANOS = 250_000_000;

    private final InputStream in;
    private boolean connected;

    SerialPort(InputStream in) {
        this.in = in;
    }

    /** {@return the device files of the agent's ports, in the order in which they appeared} */
    static File[] find() {
        String[] entries = PORTS.list();
        if (entries == null) {
            return new File[0];
        }
        File[] found = new File[entries.length];
        int count = 0;
        for (String entry : entries) {
            if (isOurs(entry)) {
                found[count++] = new File("/dev", entry);
            }
        }
        return Arrays.copyOf(found, count);
    }

    private static boolean isOurs(String entry) {
        try {
            return Files.readString(PORTS.toPath().resolve(entry).resolve("name")).startsWith(NAME);
        } catch (IOException _) {
            // A port without a name is somebody else's.
            return false;
        }
    }

    /** Serves one client after the other, for ever. */
    static void serve(File device, TtrpcServer server, Log log) {
        // The driver lets a port be opened only once at a time.
        try (RandomAccessFile both = new RandomAccessFile(device, "rw");
                FileInputStream in = new FileInputStream(both.getFD());
                OutputStream out = new FileOutputStream(both.getFD())) {
            SerialPort port = new SerialPort(in);
            log.debug("listening on " + device);
            while (true) {
                serve(port, out, server, log);
                log.debug("the host has left " + device);
            }
        } catch (IOException e) {
            log.error("cannot use " + device + ": " + e.getMessage());
        }
    }

    /** Serves one client. */
    static void serve(SerialPort port, OutputStream out, TtrpcServer server, Log log) {
        port.connected = false;
        try {
            server.serve(port, out);
        } catch (TtrpcException e) {
            log.warn("a client of a serial port was dropped: " + e.getMessage());
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            int count = in.read(bytes, offset, length);
            if (count > 0) {
                connected = true;
                return count;
            }
            if (connected) {
                return -1;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, LAST_PAUSE_NANOS);
        }
    }
}
