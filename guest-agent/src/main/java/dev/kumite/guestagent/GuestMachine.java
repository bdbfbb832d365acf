package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.AgentDetails;
import dev.kumite.agentprotocol.messages.GuestDetailsRequest;
import dev.kumite.agentprotocol.messages.GuestDetailsResponse;
import dev.kumite.agentprotocol.messages.OnlineCPUMemRequest;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.Machine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Processors, memory, clock and random numbers of the guest.
 *
 * <p>Source: the kernel's cpu-hotplug.rst and memory-hotplug.rst; Kata Containers 4.1, agent.
 */
final class GuestMachine {

    private static final List<String> STORAGE_DRIVERS =
            List.of(
                    "9p",
                    "bind",
                    "blk",
                    "ephemeral",
                    "local",
                    "mmioblk",
                    "nvdimm",
                    "overlayfs",
                    "scsi",
                    "virtio-fs");

    private static final List<String> DEVICE_DRIVERS = List.of("blk", "mmioblk", "nvdimm", "scsi");

    /** For processors that are being plugged in. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private static final long LOOK_NANOS = 10_000_000;
    private static final long NANOS_PER_MICRO = 1000;

    private final Path sys;
    private final long patienceNanos;

    GuestMachine() {
        this(Path.of("/sys"), PATIENCE_NANOS);
    }

    GuestMachine(Path sys, long patienceNanos) {
        this.sys = sys;
        this.patienceNanos = patienceNanos;
    }

    GuestDetailsResponse details(GuestDetailsRequest request) {
        GuestDetailsResponse.Builder details =
                GuestDetailsResponse.newBuilder()
                        .setAgentDetails(
                                AgentDetails.newBuilder()
                                        .setVersion(Health.VERSION)
                                        .setInitDaemon(false)
                                        .addAllDeviceHandlers(DEVICE_DRIVERS)
                                        .addAllStorageHandlers(STORAGE_DRIVERS)
                                        .setSupportsSeccomp(true));
        if (request.getMemBlockSize()) {
            details.setMemBlockSizeBytes(memoryBlockBytes());
        }
        if (request.getMemHotplugProbe()) {
            details.setSupportMemHotplugProbe(Files.exists(memory("probe")));
        }
        return details.build();
    }

    private Path memory(String name) {
        return sys.resolve("devices/system/memory").resolve(name);
    }

    private long memoryBlockBytes() {
        try {
            return Long.parseUnsignedLong(Files.readString(memory("block_size_bytes")).strip(), 16);
        } catch (IOException | NumberFormatException _) {
            // A kernel that cannot plug memory in has no blocks.
            return 0;
        }
    }

    /** Switches on what has been plugged in. */
    void online(OnlineCPUMemRequest request) {
        if (request.getNbCpus() != 0) {
            onlineCpus(request.getNbCpus(), request.getWait());
        }
        if (!request.getCpuOnly()) {
            switchOn(sys.resolve("devices/system/memory"), "memory");
        }
    }

    /** The count is of those that are switched on here, or were since by the kernel itself. */
    private void onlineCpus(int wanted, boolean wait) {
        Path cpus = sys.resolve("devices/system/cpu");
        long start = System.nanoTime();
        int on = 0;
        while (true) {
            on += switchOn(cpus, "cpu");
            if (on >= wanted || !wait) {
                return;
            }
            if (System.nanoTime() - start > patienceNanos) {
                throw Refusal.late(
                        "of " + wanted + " new processors, " + on + " came online in time");
            }
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw Refusal.interrupted();
            }
        }
    }

    /** {@return how many were off and are on now} */
    private static int switchOn(Path directory, String prefix) {
        File[] entries = directory.toFile().listFiles();
        int count = 0;
        if (entries == null) {
            return count;
        }
        for (File entry : entries) {
            Path online = entry.toPath().resolve("online");
            if (entry.getName().startsWith(prefix) && isOff(online)) {
                try {
                    Files.writeString(online, "1");
                    count++;
                } catch (IOException _) {
                    // It may be on its way out again; whoever waits will be told.
                }
            }
        }
        return count;
    }

    private static boolean isOff(Path online) {
        try {
            return Files.exists(online) && Files.readString(online).strip().equals("0");
        } catch (IOException _) {
            return false;
        }
    }

    /** Tells the kernel of memory that it cannot notice itself. */
    void probeMemory(List<Long> addresses) {
        for (long address : addresses) {
            try {
                Files.writeString(memory("probe"), "0x" + Long.toHexString(address));
            } catch (IOException e) {
                throw Refusal.failed(
                        "cannot add memory at 0x" + Long.toHexString(address) + ": " + e);
            }
        }
    }

    /** Sets the clock, which runs on while the machine is paused. */
    static void setClock(long seconds, long micros) {
        try {
            Machine.setClock(Instant.ofEpochSecond(seconds, micros * NANOS_PER_MICRO));
        } catch (LinuxException e) {
            throw Refusal.failed(String.valueOf(e.getMessage()));
        }
    }

    /** Gives the kernel random bytes: a machine started from a copy must not repeat the other's. */
    static void addEntropy(byte[] bytes) {
        try {
            Machine.addEntropy(bytes);
        } catch (LinuxException e) {
            throw Refusal.failed(String.valueOf(e.getMessage()));
        }
    }
}
