package dev.kumite.guestagent;

import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for a share that is being plugged in. In a machine that was booted with it, it is there
 * when its driver is.
 *
 * <p>Source: Linux, fs/fuse/virtio_fs.c, for the driver's name.
 */
final class VirtioFsDevices {

    /** Source: Kata's {@code agent.hotplug_timeout} is 3 s; emulated machines are slower. */
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private static final long LOOK_NANOS = 5_000_000;
    private static final String DEVICE_PREFIX = "virtio";

    private final File driver;
    private final long patienceNanos;

    VirtioFsDevices() {
        this(Path.of("/sys/bus/virtio/drivers/virtiofs"), PATIENCE_NANOS);
    }

    VirtioFsDevices(Path driver, long patienceNanos) {
        this.driver = driver.toFile();
        this.patienceNanos = patienceNanos;
    }

    /**
     * Returns when the driver has a device, or is not loaded, which mounting does then. After the
     * time, mounting will say what is wrong.
     */
    void await() {
        long start = System.nanoTime();
        while (!isReady() && System.nanoTime() - start < patienceNanos) {
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw Refusal.interrupted();
            }
        }
    }

    private boolean isReady() {
        String[] entries = driver.list();
        if (entries == null) {
            return true;
        }
        for (String entry : entries) {
            if (entry.startsWith(DEVICE_PREFIX)) {
                return true;
            }
        }
        return false;
    }
}
