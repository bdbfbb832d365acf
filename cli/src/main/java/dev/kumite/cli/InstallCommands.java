package dev.kumite.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code kumite install} and {@code kumite uninstall}, as far as help and completion go: the
 * launcher has a script do them, which needs no Java.
 */
final class InstallCommands {

    private InstallCommands() {}

    /** {@return both} */
    static List<Command> all() {
        List<Syntax.Option> options = new ArrayList<>();
        options.add(
                Syntax.Option.of(
                        "guest",
                        new Syntax.Value.Directory("DIR"),
                        "a guest that there is, to be copied to /var/lib/kumite/guest; default: one is"
                                + " built there, if there is none"));
        options.add(Syntax.Option.flag("no-guest", "leave the guest out"));
        options.addAll(places());
        return List.of(
                new Scripted(
                        "install",
                        "put command, guest and podman's configuration in place",
                        new Syntax(
                                """
                                Copies the distribution to PREFIX/lib/kumite, links PREFIX/bin/kumite to it, and tells
                                podman of the runtime in /etc/containers/containers.conf.d/kumite.conf. Can be repeated:
                                the new one takes the place of the old in one step.\
                                """,
                                options,
                                List.of(),
                                List.of(
                                        new Syntax.Example(
                                                "install", "makes podman --runtime kumite work")))),
                new Scripted(
                        "uninstall",
                        "take away what \"install\" has put in place",
                        new Syntax(
                                """
                                Removes exactly what "kumite install" with the same options has made, and no more.\
                                """,
                                places(),
                                List.of(),
                                List.of(new Syntax.Example("uninstall", "removes it")))));
    }

    private static List<Syntax.Option> places() {
        return List.of(
                Syntax.Option.of(
                        "prefix",
                        new Syntax.Value.Directory("PREFIX"),
                        "where it goes; default /usr/local"),
                Syntax.Option.of(
                        "root",
                        new Syntax.Value.Directory("DIR"),
                        "take DIR for the root directory of the machine, as for an image or a test"));
    }

    /**
     * A command that the launcher hands to a script.
     *
     * @param name see {@link Command}
     * @param summary see {@link Command}
     * @param syntax see {@link Command}
     */
    private record Scripted(String name, String summary, Syntax syntax) implements Command {
        @Override
        public ExitCode run(Arguments arguments, Console console) {
            return console.misused(name, "the launcher does this, start kumite with it");
        }
    }
}
