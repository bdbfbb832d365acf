package dev.kumite.cli;

import dev.kumite.guestimage.GuestImageException;
import dev.kumite.guestimage.GuestManifest;
import java.nio.file.Path;
import java.util.List;

/** {@code kumite guest build}: makes the guest that machines boot. */
final class GuestBuildCommand implements Command {

    private static final String OUTPUT = "output";
    private static final String KERNEL = "kernel";

    @Override
    public String name() {
        return "guest build";
    }

    @Override
    public String summary() {
        return "build the guest: kernel, userspace, agent";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Makes what a virtual machine boots: a kernel and programs from Debian's packages, a Java runtime,
                and Kumite's agent. The same packages give the same bytes. "kumite run" does this by itself on
                first need.\
                """,
                List.of(
                        Syntax.Option.of(
                                OUTPUT,
                                new Syntax.Value.Directory("DIR"),
                                "where to put it; default: where \"kumite run\" looks for it"),
                        Syntax.Option.of(
                                KERNEL,
                                new Syntax.Value.Text("PACKAGE"),
                                "Debian's package of another kernel than that for virtual machines, which has no"
                                        + " 9p: linux-image-amd64 has it (shared_fs = \"virtio-9p\")")),
                List.of(),
                List.of(
                        new Syntax.Example("guest build", "builds the guest anew"),
                        new Syntax.Example("guest build --output ./guest", "builds one to try")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Path directory =
                arguments
                        .value(OUTPUT)
                        .map(path -> Path.of(path).toAbsolutePath().normalize())
                        .orElseGet(() -> GuestPlace.standard(console));
        try {
            GuestManifest manifest =
                    GuestPlace.build(
                            directory,
                            arguments.value(KERNEL),
                            console,
                            step -> {
                                console.note(step);
                                console.err().flush();
                            });
            GuestShowCommand.write(directory, manifest, console);
            return ExitCode.DONE;
        } catch (GuestImageException failure) {
            console.note("error: " + failure.getMessage());
            return ExitCode.REFUSED;
        }
    }
}
