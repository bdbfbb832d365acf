package dev.kumite.cli;

import dev.kumite.engine.HostMetrics;
import java.util.List;

/** {@code kumite metrics}: what sandboxes cost, for Prometheus. */
final class MetricsCommand implements Command {

    @Override
    public String name() {
        return "metrics";
    }

    @Override
    public String summary() {
        return "what the sandboxes cost this host, for Prometheus";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Prints what the processes of all sandboxes under the root use, in the text format of Prometheus
                and by Kata's names: kata_hypervisor_* are QEMU's, kata_virtiofsd_* those of what shares files,
                kumite_vsock_device_* those of what is the vsock device of a guest that Kumite did not build,
                kata_shim_* those of the processes that own sandboxes. The supervisor answers the same over HTTP
                on the Unix socket .supervisor/metrics below its root, and with it what guests say of themselves.\
                """,
                List.of(EngineInput.root()),
                List.of(),
                List.of(
                        new Syntax.Example("metrics", "prints them once"),
                        new Syntax.Example(
                                "metrics --root /run/kumite",
                                "the same, with the root spelt out")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        console.out().text(HostMetrics.of(EngineInput.finder(arguments).list()));
        return ExitCode.DONE;
    }
}
