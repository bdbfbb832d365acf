package dev.kumite.vmm;

import dev.kumite.linux.Fd;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Writes the state of a machine that stands still into a file, or reads it from there: all but its
 * memory, which is a file of its own already.
 *
 * <p>Source: QEMU, qapi/migration.json. Files are handed over as descriptors, so that QEMU opens
 * and starts nothing.
 */
final class Migration {

    private static final String NAME = "state";

    private Migration() {}

    static void save(MachineProcesses machine, Fd file) {
        run(machine, file, "migrate", "writing the machine's state");
    }

    static void load(MachineProcesses machine, Fd file) {
        run(machine, file, "migrate-incoming", "reading the machine's state");
    }

    private static void run(MachineProcesses machine, Fd file, String command, String what) {
        machine.execute(
                "migrate-set-capabilities",
                new Json.Obj(
                        Map.of(
                                "capabilities",
                                new Json.Arr(List.of(on("x-ignore-shared"), on("events"))))));
        Duration timeout = machine.limits().command();
        Json _ =
                machine.qmp().execute("getfd", Json.Obj.of("fdname", NAME), List.of(file), timeout);
        CompletableFuture<QmpEvent> end = machine.qmp().next(Migration::isEnd);
        try {
            machine.execute(command, Json.Obj.of("uri", "fd:" + NAME));
            QmpEvent event = end.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (!status(event).equals("completed")) {
                throw new VmmException(
                        VmmException.Category.REFUSED,
                        what
                                + " failed: "
                                + machine.execute("query-migrate")
                                        .get("error-desc")
                                        .text()
                                        .map(Printable::text)
                                        .orElse("QEMU does not say why"));
            }
        } catch (TimeoutException e) {
            throw new VmmException(
                    VmmException.Category.TIMEOUT,
                    what + " takes longer than " + timeout.toSeconds() + " s",
                    e);
        } catch (InterruptedException e) {
            throw VmmException.interrupted(what);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VmmException failure) {
                throw machine.explain(failure);
            }
            throw new IllegalStateException(e);
        } finally {
            end.cancel(false);
        }
    }

    private static Json on(String capability) {
        return new Json.Obj(
                Map.of("capability", new Json.Text(capability), "state", new Json.Bool(true)));
    }

    private static boolean isEnd(QmpEvent event) {
        return event.name().equals("MIGRATION")
                && List.of("completed", "failed").contains(status(event));
    }

    private static String status(QmpEvent event) {
        return Optional.of(event.data()).flatMap(data -> data.get("status").text()).orElse("");
    }
}
