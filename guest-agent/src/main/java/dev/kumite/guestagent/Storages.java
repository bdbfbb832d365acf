package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.Storage;
import dev.kumite.ttrpc.TtrpcException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is mounted on the host's behalf, with the number of its users: containers share what they
 * mount at the same place. Guarded by {@code lock}.
 *
 * <p>Mounting is done by busybox: cheaper than the first system call from Java.
 *
 * <p>Source: Kata Containers 4.1, agent, storage drivers.
 */
final class Storages {

    private static final int TIMEOUT_SECONDS = 60;

    private final GuestLayout layout;
    private final BlockDevices blockDevices;
    private final VirtioFsDevices virtioFs = new VirtioFsDevices();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> users = new HashMap<>();

    Storages(GuestLayout layout, BlockDevices blockDevices) {
        this.layout = layout;
        this.blockDevices = blockDevices;
    }

    /**
     * Mounts all, in order; nothing if one of them fails.
     *
     * @return what {@link #removeAll} takes
     */
    List<Storage> addAll(List<Storage> storages) {
        List<Storage> added = new ArrayList<>(storages.size());
        try {
            for (Storage storage : storages) {
                add(storage);
                added.add(storage);
            }
            return added;
        } catch (TtrpcException e) {
            removeAll(added);
            throw e;
        }
    }

    private void add(Storage storage) {
        String place = storage.getMountPoint();
        if (place.isEmpty() || place.charAt(0) != '/') {
            throw Refusal.invalid("the mount point \"" + place + "\" is not an absolute path");
        }
        lock.lock();
        try {
            int before = users.getOrDefault(place, 0);
            if (before == 0) {
                set(storage);
            }
            users.put(place, before + 1);
        } finally {
            lock.unlock();
        }
    }

    private void set(Storage storage) {
        switch (storage.getDriver()) {
            case "virtio-fs" -> {
                virtioFs.await();
                mount(storage, storage.getSource(), storage.getFstype());
            }
            case "9p", "overlayfs", "bind" ->
                    mount(storage, storage.getSource(), storage.getFstype());
            case "ephemeral" -> ephemeral(storage);
            case "local" -> local(storage);
            case "blk", "scsi", "mmioblk", "nvdimm", "blk-ccw" ->
                    mount(
                            storage,
                            blockDevices.find(storage.getDriver(), storage.getSource()),
                            storage.getFstype());
            default ->
                    throw Refusal.invalid(
                            "there is no storage driver \""
                                    + storage.getDriver()
                                    + "\" for "
                                    + storage.getMountPoint());
        }
    }

    private void ephemeral(Storage storage) {
        mount(storage, storage.getSource(), storage.getFstype());
        if (storage.hasFsGroup()) {
            FsGroup.apply(Path.of(storage.getMountPoint()), storage.getFsGroup());
        }
    }

    /** A directory of the guest itself, for what containers share and the host does not see. */
    private static void local(Storage storage) {
        Path place = Path.of(storage.getMountPoint());
        try {
            Files.createDirectories(place);
            for (String option : storage.getOptionsList()) {
                if (option.startsWith("mode=")) {
                    Files.setPosixFilePermissions(
                            place,
                            PosixFilePermissions.fromString(Modes.text(option.substring(5))));
                }
            }
        } catch (IOException e) {
            throw Refusal.failed("cannot make " + place + ": " + e.getMessage());
        }
        if (storage.hasFsGroup()) {
            FsGroup.apply(place, storage.getFsGroup());
        }
    }

    private void mount(Storage storage, String source, String type) {
        Path place = Path.of(storage.getMountPoint());
        MountRequest request = MountRequest.of(source, place, type, storage.getOptionsList());
        try {
            makePlace(request);
        } catch (IOException e) {
            throw Refusal.failed("cannot make the mount point " + place + ": " + e.getMessage());
        }
        for (List<String> arguments : request.commands()) {
            Command.require(
                    Command.line(layout.busybox(), arguments.toArray(new String[0])),
                    TIMEOUT_SECONDS,
                    "cannot mount " + request.source() + " (" + type + ") at " + place);
        }
    }

    private static void makePlace(MountRequest request) throws IOException {
        Path place = request.place();
        if (request.isBind() && Files.isRegularFile(Path.of(request.source()))) {
            Files.createDirectories(place.resolve(".."));
            if (!Files.exists(place)) {
                Files.createFile(place);
            }
            return;
        }
        Files.createDirectories(place);
    }

    /** Mounts again with other options what is mounted already. */
    void remount(Storage storage) {
        List<String> options = new ArrayList<>(storage.getOptionsList());
        options.remove("remount");
        options.addFirst("remount");
        Command.require(
                Command.line(
                        layout.busybox(),
                        "mount",
                        "-o",
                        String.join(",", options),
                        storage.getMountPoint()),
                TIMEOUT_SECONDS,
                "cannot remount " + storage.getMountPoint());
    }

    /** Unmounts in reverse order what nobody else uses; goes on when one cannot be. */
    void removeAll(List<Storage> storages) {
        for (Storage storage : storages.reversed()) {
            remove(storage);
        }
    }

    private void remove(Storage storage) {
        String place = storage.getMountPoint();
        lock.lock();
        try {
            int left = users.getOrDefault(place, 0) - 1;
            if (left > 0) {
                users.put(place, left);
                return;
            }
            if (users.remove(place) == null || storage.getDriver().equals("local")) {
                return;
            }
            Command.run(Command.line(layout.busybox(), "umount", "-l", place), TIMEOUT_SECONDS);
        } finally {
            lock.unlock();
        }
    }
}
