package dev.kumite.vsockdevice;

import java.util.function.Consumer;

/** The threads of a device. None may fail alone: what the others wait for would never come. */
final class Threads {

    /** What a thread does. */
    interface Work {
        void run() throws InterruptedException;
    }

    private final Consumer<Throwable> onFault;

    /**
     * @param onFault is told of a thread that failed
     */
    Threads(Consumer<Throwable> onFault) {
        this.onFault = onFault;
    }

    Thread start(String name, Work work) {
        return Thread.ofVirtual()
                .name(name)
                .start(() -> {
                    try {
                        work.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt(); // nobody does that; then this ends
                    } catch (RuntimeException | Error e) {
                        onFault.accept(e);
                    }
                });
    }
}
