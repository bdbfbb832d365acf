package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.Hooks;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The guest image's own hooks: the executables in {@code prestart}, {@code poststart} and {@code
 * poststop} below the directory that the host's configuration names.
 *
 * <p>Source: Kata Containers, configuration.toml, {@code guest_hook_path}.
 */
final class GuestHooks {

    private GuestHooks() {}

    /** {@return the hooks, in the order of their names; none for an empty path} */
    static Hooks in(String path) {
        if (path.isEmpty()) {
            return Hooks.getDefaultInstance();
        }
        return Hooks.newBuilder()
                .addAllPrestart(SpecForGuest.hooks(executables(path, "prestart")))
                .addAllPoststart(SpecForGuest.hooks(executables(path, "poststart")))
                .addAllPoststop(SpecForGuest.hooks(executables(path, "poststop")))
                .build();
    }

    private static List<String> executables(String path, String kind) {
        List<String> found = new ArrayList<>();
        File[] files = new File(path, kind).listFiles();
        if (files == null) {
            return found;
        }
        Arrays.sort(files);
        for (File file : files) {
            if (file.isFile() && file.canExecute()) {
                found.add(file.getPath());
            }
        }
        return found;
    }
}
