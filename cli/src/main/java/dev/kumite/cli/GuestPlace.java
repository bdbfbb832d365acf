package dev.kumite.cli;

import dev.kumite.config.RuntimeConfig;
import dev.kumite.guestimage.AgentFiles;
import dev.kumite.guestimage.GuestBuild;
import dev.kumite.guestimage.GuestBuildListener;
import dev.kumite.guestimage.GuestDirectory;
import dev.kumite.guestimage.GuestImageException;
import dev.kumite.guestimage.GuestManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where the guest is that a command line means, and how it comes there. */
final class GuestPlace {

    /** Names the option for the guest's directory. */
    static final String GUEST = "guest";

    /** Names the variable that says which guest is used where no option does. */
    static final String VARIABLE = "KUMITE_GUEST";

    /** Names the system property by which the launcher says where the distribution is. */
    private static final String HOME = "kumite.home";

    private GuestPlace() {}

    /** {@return the option for the guest's directory} */
    static Syntax.Option option() {
        return Syntax.Option.of(
                GUEST,
                new Syntax.Value.Directory("DIR"),
                "a guest that \"kumite guest build\" has made; default: $"
                        + VARIABLE
                        + ", or what the configuration names, or without a configuration file "
                        + "the guest that is built on first need");
    }

    /** {@return the directory of the guest that is built on first need} */
    static Path standard(Console console) {
        return GuestDirectory.standard(isRoot(), environment(console));
    }

    /** {@return the guest that was asked for on the command line or in the environment} */
    static Optional<Path> named(Arguments arguments, Console console) {
        return arguments
                .value(GUEST)
                .or(() -> console.environment(VARIABLE))
                .map(path -> Path.of(path).toAbsolutePath().normalize());
    }

    /**
     * {@return the directory of the guest to boot; nothing if the configuration names its files}
     *
     * <p>Where no configuration was found, the guest is built if it is not there. Nothing is held
     * meanwhile.
     *
     * @throws dev.kumite.guestimage.GuestImageException if the guest is not there and cannot be
     *     built
     */
    static Optional<Path> ensure(Arguments arguments, RuntimeConfig runtime, Console console) {
        Optional<Path> named = named(arguments, console);
        if (named.isPresent()) {
            GuestManifest.read(named.get());
            return named;
        }
        if (!runtime.files().isEmpty()) {
            return Optional.empty();
        }
        Path guest = standard(console);
        if (!Files.isRegularFile(guest.resolve(GuestManifest.FILE_NAME))) {
            if (console.err().isTerminal()) {
                console.note("building the guest in " + guest + " (first use, about a minute)");
            }
            try (Progress progress = Progress.show("building the guest", console)) {
                build(
                        guest,
                        Optional.empty(),
                        console,
                        step -> progress.now("building the guest: " + step));
            }
        }
        return Optional.of(guest);
    }

    /**
     * Builds a guest from the parts that the distribution brings.
     *
     * @param kernel package of its kernel, if it is not the usual one
     */
    static GuestManifest build(
            Path directory, Optional<String> kernel, Console console, GuestBuildListener listener) {
        Path home = Path.of(System.getProperty(HOME, ".")).toAbsolutePath().normalize();
        GuestBuild build =
                GuestBuild.of(AgentFiles.in(home.resolve("guest")))
                        .withPackageCache(
                                GuestDirectory.packageCache(isRoot(), environment(console)))
                        .withListener(listener);
        return kernel.map(build::withKernel).orElse(build).into(directory);
    }

    /** {@return whether a guest of Kumite's is there whose kernel has no 9p} */
    static boolean lacks9p(Path directory) {
        if (!Files.isRegularFile(directory.resolve(GuestManifest.FILE_NAME))) {
            return false;
        }
        try {
            return GuestManifest.read(directory).contents().stream()
                    .noneMatch(file -> file.path().endsWith("/9p.ko"));
        } catch (GuestImageException _) {
            // Who starts it is told what is wrong with it.
            return false;
        }
    }

    private static Map<String, String> environment(Console console) {
        Map<String, String> variables = new HashMap<>();
        for (String name : new String[] {"HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"}) {
            console.environment(name).ifPresent(value -> variables.put(name, value));
        }
        return variables;
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException noProc) {
            return false;
        }
    }
}
