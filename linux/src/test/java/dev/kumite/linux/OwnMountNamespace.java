package dev.kumite.linux;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a test on a thread with a mount namespace of its own, which ends with it. */
final class OwnMountNamespace {
    private static final int CLONE_FS = 0x200;
    private static final int CLONE_NEWNS = 0x20000;

    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    private OwnMountNamespace() {}

    static void run(Body body) throws Exception {
        RootOnly.assume();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        LinuxException.check(
                                Syscall.call(SyscallNumber.UNSHARE, CLONE_FS | CLONE_NEWNS),
                                "leave the mount namespace");
                        Mounts.propagateRecursively(Path.of("/"), Mounts.Propagation.PRIVATE);
                        body.run();
                        done.complete(null);
                    } catch (Throwable failure) {
                        done.completeExceptionally(failure);
                    }
                });
        done.get(30, TimeUnit.SECONDS);
    }
}
