package dev.kumite.cli;

import dev.kumite.guestimage.GuestImageException;
import dev.kumite.guestimage.GuestManifest;
import java.nio.file.Path;
import java.util.List;

/** {@code kumite guest show}: says what a guest is made of, and whether it is as it was built. */
final class GuestShowCommand implements Command {

    private static final String FORMAT = "format";
    private static final String JSON = "json";

    @Override
    public String name() {
        return "guest show";
    }

    @Override
    public String summary() {
        return "say what a guest is made of";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Shows where the guest lies, its kernel, its packages and the sizes of its files, and compares the
                files with the checksums of its manifest.\
                """,
                List.of(
                        Syntax.Option.of(
                                FORMAT,
                                new Syntax.Value.Words("FORMAT", List.of("text", JSON)),
                                "text for people, or the whole manifest as JSON; default text")),
                List.of(
                        new Syntax.Operand(
                                new Syntax.Value.Directory("DIR"),
                                true,
                                "the guest's directory; default: the one that \"kumite run\" uses")),
                List.of(new Syntax.Example("guest show", "shows the guest in use")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Path directory =
                arguments
                        .operand(0)
                        .or(() -> console.environment(GuestPlace.VARIABLE))
                        .map(path -> Path.of(path).toAbsolutePath().normalize())
                        .orElseGet(() -> GuestPlace.standard(console));
        try {
            GuestManifest manifest = GuestManifest.read(directory);
            if (arguments.value(FORMAT, "text").equals(JSON)) {
                console.out().line(Unprintable.escaped(manifest.toJson()));
            } else {
                write(directory, manifest, console);
            }
            List<String> damaged = manifest.damaged(directory);
            for (String file : damaged) {
                console.note(
                        "error: "
                                + directory.resolve(file)
                                + " is missing or not as it was built; build it anew with \"kumite guest build\"");
            }
            return damaged.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
        } catch (GuestImageException failure) {
            console.note("error: " + failure.getMessage());
            return ExitCode.REFUSED;
        }
    }

    /** Writes what people want to know of a guest. */
    static void write(Path directory, GuestManifest manifest, Console console) {
        Output out = console.out();
        out.line("guest         " + directory);
        out.line("architecture  " + ProblemText.printable(manifest.architecture()));
        out.line("kernel        " + ProblemText.printable(manifest.kernelRelease()));
        out.line("java          " + ProblemText.printable(manifest.javaVersion()));
        out.line("");
        TextTable files = TextTable.of("FILE", "SIZE", "SHA-256");
        for (GuestManifest.FileEntry file : manifest.files()) {
            files.row(file.path(), size(file.size()), file.sha256());
        }
        files.write(out, console.outColours());
        out.line("");
        TextTable packages = TextTable.of("PACKAGE", "VERSION");
        for (GuestManifest.PackageEntry entry : manifest.packages()) {
            packages.row(entry.name(), entry.version());
        }
        packages.write(out, console.outColours());
    }

    private static String size(long bytes) {
        return bytes < 1 << 20 ? (bytes + 1023) / 1024 + " KiB" : (bytes >> 20) + " MiB";
    }
}
