package dev.kumite.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work in another network namespace. A namespace belongs to a thread, so each body runs on a thread
 * of the system's own, which ends with it. What the body makes stays in the namespace: sockets
 * (also when they are used by other threads later) and programs it starts. Other threads that the
 * body starts are in the namespace of their carrier, or of the one who made it: do not.
 *
 * <p>Source: network_namespaces(7), setns(2), unshare(2).
 */
public final class NetworkNamespace {
    private static final long CLONE_NEWNET = 0x40000000L;

    /** Nobody can do anything with the file below the mount. */
    private static final int NO_PERMISSIONS = 0;

    private NetworkNamespace() {}

    /**
     * Runs the body in a namespace and waits for its end.
     *
     * @param namespace a file of the namespace, for example {@code /proc/1/ns/net} or {@code
     *     /run/netns/x}
     * @throws LinuxException if it is no network namespace, or with {@link Errno#EINTR} if this
     *     thread is interrupted; the body is interrupted then, too
     * @throws Exception what the body throws
     */
    public static <T> T run(Path namespace, Callable<T> body) throws Exception {
        return onThread(() -> {
            try (Fd fd = Fd.open(namespace, Fd.O_RDONLY)) {
                LinuxException.check(
                        fd.tryUse(SyscallNumber.SETNS, CLONE_NEWNET, 0, 0, "enter"),
                        "enter network namespace \"" + namespace + "\"");
            }
            return body.call();
        });
    }

    /** Runs the body in a new namespace, which ends with the last socket or program in it. */
    public static <T> T runInNew(Callable<T> body) throws Exception {
        return onThread(() -> {
            LinuxException.check(
                    Syscall.call(SyscallNumber.UNSHARE, CLONE_NEWNET), "make a network namespace");
            return body.call();
        });
    }

    /**
     * Makes a namespace that lasts until {@link #delete}.
     *
     * @param place a file that is made; the namespace is mounted on it
     * @throws LinuxException with {@link Errno#EEXIST} if there is something
     */
    public static void create(Path place) {
        try {
            runInNew(() -> {
                int flags = Fd.O_RDONLY | Fd.O_CREAT | Fd.O_EXCL;
                Fd.open(place, flags, NO_PERMISSIONS).close();
                try {
                    Mounts.bind(Path.of("/proc/thread-self/ns/net"), place);
                } catch (LinuxException failure) {
                    remove(place);
                    throw failure;
                }
                return place;
            });
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new AssertionError("the body throws nothing else", failure);
        }
    }

    /**
     * Ends a namespace that {@link #create} made; it lasts on while a process or socket is in it.
     * Where there is no such file, nothing happens.
     */
    public static void delete(Path place) {
        if (MountTable.read().at(place).isPresent()) {
            Mounts.detach(place);
        }
        remove(place);
    }

    private static void remove(Path place) {
        try {
            Files.deleteIfExists(place);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static <T> T onThread(Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = Thread.ofPlatform().name("kumite-netns").daemon().start(task);
        try {
            return task.get();
        } catch (InterruptedException interrupted) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new LinuxException("wait for work in a network namespace", Syscall.EINTR);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw new AssertionError("a body throws exceptions or errors", failure);
        }
    }
}
