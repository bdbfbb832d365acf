package dev.kumite.cli;

import dev.kumite.config.BuildConstants;
import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.LoadOptions;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.Settings;
import dev.kumite.config.SystemHost;
import dev.kumite.guestimage.GuestDirectory;
import dev.kumite.guestimage.GuestManifest;
import dev.kumite.oci.Outcome;
import dev.kumite.vmm.HostCheck;
import dev.kumite.vmm.HostFacts;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@code kumite check}: what this host can do, and what to do about what it cannot. */
final class CheckCommand implements Command {

    private static final String FORMAT = "format";
    private static final String JSON = "json";

    @Override
    public String name() {
        return "check";
    }

    @Override
    public String summary() {
        return "say what this host can do, and how to mend what it cannot";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Looks at all that running a container takes: programs, hardware virtualization, devices, the
                guest. Each line that is not well says what to do. Refused (exit code 1) if something is missing
                without which nothing runs.\
                """,
                List.of(
                        Syntax.Option.of(
                                FORMAT,
                                new Syntax.Value.Words("FORMAT", List.of("text", JSON)),
                                "text for people or json for programs; default text"),
                        ConfigurationInput.config(),
                        GuestPlace.option()),
                List.of(),
                List.of(new Syntax.Example("check", "looks at this host")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Outcome<RuntimeConfig> read =
                ConfigurationInput.loadOrBuiltIn(
                        ConfigurationInput.path(
                                arguments.value(ConfigurationInput.CONFIG), console),
                        new LoadOptions(false, true),
                        SystemHost.open(),
                        BuildConstants.PACKAGED);
        if (read.isRefused()) {
            console.report(read.errors(), Console.Format.TEXT);
            return ExitCode.REFUSED;
        }
        List<HostCheck> lines = lines(read.value().orElseThrow(), arguments, console);
        if (arguments.value(FORMAT, "text").equals(JSON)) {
            console.out().line(Unprintable.escaped(json(lines)));
        } else {
            lines.forEach(line -> text(line, console));
        }
        for (HostCheck line : lines) {
            if (line.state() == HostCheck.State.MISSING) {
                return ExitCode.REFUSED;
            }
        }
        return ExitCode.DONE;
    }

    private static List<HostCheck> lines(
            RuntimeConfig runtime, Arguments arguments, Console console) {
        Settings<HypervisorConfig> machine = runtime.hypervisorConfig();
        Path kernel = Path.of(machine.get(HypervisorConfig.KERNEL_PATH));
        String initrd = machine.get(HypervisorConfig.INITRD_PATH);
        Path image = Path.of(initrd.isEmpty() ? machine.get(HypervisorConfig.IMAGE_PATH) : initrd);
        boolean builtOnNeed = false;
        Optional<Path> guest = GuestPlace.named(arguments, console);
        if (guest.isEmpty() && runtime.files().isEmpty()) {
            guest = Optional.of(GuestPlace.standard(console));
            builtOnNeed = !Files.isRegularFile(guest.get().resolve(GuestManifest.FILE_NAME));
        }
        if (guest.isPresent()) {
            kernel = guest.get().resolve(GuestDirectory.KERNEL);
            image = guest.get().resolve(GuestDirectory.INITRD);
        }
        boolean virtioFs = machine.get(HypervisorConfig.SHARED_FS).startsWith("virtio-fs");
        List<HostCheck> lines = new ArrayList<>();
        for (HostCheck line :
                HostCheck.of(
                        HostFacts.probe(),
                        runtime.accelerator(),
                        Path.of(machine.get(HypervisorConfig.HYPERVISOR_PATH)),
                        Path.of(virtioFs ? machine.get(HypervisorConfig.VIRTIO_FS_DAEMON) : ""),
                        kernel,
                        image)) {
            boolean notYet =
                    builtOnNeed
                            && line.state() == HostCheck.State.MISSING
                            && line.name().startsWith("guest");
            lines.add(
                    notYet
                            ? new HostCheck(
                                    line.name(),
                                    HostCheck.State.LIMITED,
                                    "not built yet",
                                    "nothing: the first \"kumite run\" builds it, or \"kumite guest build\"")
                            : line);
        }
        return lines;
    }

    private static void text(HostCheck line, Console console) {
        Colours colours = console.outColours();
        String state =
                switch (line.state()) {
                    case GOOD -> "ok      ";
                    case LIMITED -> colours.warning("limited ");
                    case MISSING -> colours.error("missing ");
                };
        console.out()
                .line(
                        state
                                + Paragraph.pad(line.name(), 14)
                                + ProblemText.printable(line.detail()));
        if (!line.remedy().isEmpty()) {
            console.out()
                    .line(" ".repeat(22) + colours.faint(ProblemText.printable(line.remedy())));
        }
    }

    private static String json(List<HostCheck> lines) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            for (HostCheck line : lines) {
                json.writeStartObject();
                json.writeStringProperty("name", line.name());
                json.writeStringProperty(
                        "state",
                        switch (line.state()) {
                            case GOOD -> "ok";
                            case LIMITED -> "limited";
                            case MISSING -> "missing";
                        });
                json.writeStringProperty("detail", line.detail());
                json.writeStringProperty("remedy", line.remedy());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.toString();
    }
}
