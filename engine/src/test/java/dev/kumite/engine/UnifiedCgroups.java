package dev.kumite.engine;

import dev.kumite.linux.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes control groups where the hierarchy of version 2 has all controllers, and says what came of
 * it. Its arguments are where that is mounted, a directory for the list of what was made, and the
 * name of a group that nobody has.
 */
final class UnifiedCgroups {

    private UnifiedCgroups() {}

    public static void main(String... arguments) throws IOException {
        Path top = Path.of(arguments[0]);
        Path directory = Path.of(arguments[1]);
        String pod = arguments[2];
        List<String> notes = new ArrayList<>();
        HostCgroups cgroups = new HostCgroups(MountTable.read(), directory, notes::add);

        List<Path> made = cgroups.make("web", "/" + pod + "/web", false);
        say("made", made);
        Process process = new ProcessBuilder("sleep", "1000").start();
        HostCgroups.attach(made, process.pid(), notes::add);
        say("process", Files.readString(Path.of("/proc/" + process.pid() + "/cgroup")).strip());
        say(
                "figures",
                Files.exists(top.resolve(pod + "/web/memory.current"))
                        && Files.exists(top.resolve(pod + "/web/pids.current"))
                        && Files.exists(top.resolve(pod + "/web/cpu.max")));
        say("notes", notes);

        Files.writeString(top.resolve(pod + "/memory.max"), "100000000");
        say("below a limit", cgroups.make("two", "/" + pod + "/two", false));
        say("why", String.join(" ", notes).replaceFirst(":.*", ""));
        say("below a limit, if told", cgroups.make("two", "/" + pod + "/two", true));

        HostCgroups.remove(directory, Optional.of("two"));
        say("left", Files.exists(top.resolve(pod + "/two")) + " " + Files.exists(top.resolve(pod)));
        process.destroyForcibly().onExit().join();
        HostCgroups.remove(directory, Optional.empty());
        say("left at last", Files.exists(top.resolve(pod)));
    }

    private static void say(String what, Object answer) {
        System.out.println(what + ": " + answer);
    }
}
