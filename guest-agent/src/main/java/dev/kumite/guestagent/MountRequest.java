package dev.kumite.guestagent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mount, as commands of busybox.
 *
 * @param source device, tag or path
 * @param place the mount point
 * @param type of file system
 * @param options as mount(8) has them
 */
record MountRequest(String source, Path place, String type, List<String> options) {

    /** {@return the mount; the source of a file system without one is its type} */
    static MountRequest of(String source, Path place, String type, List<String> options) {
        List<String> kept = new ArrayList<>(options.size());
        for (String option : options) {
            if (!option.isEmpty()) {
                kept.add(option);
            }
        }
        return new MountRequest(source.isEmpty() ? type : source, place, type, kept);
    }

    MountRequest {
        options = List.copyOf(options);
    }

    /** {@return whether a directory or file is to appear at a second place} */
    boolean isBind() {
        return type.equals("bind") || options.contains("bind") || options.contains("rbind");
    }

    /**
     * {@return the applet's name and arguments, one list for each command} The kernel takes the
     * flags of a bind mount only with a second call.
     */
    List<List<String>> commands() {
        if (!isBind()) {
            return List.of(mount(type, options));
        }
        boolean recursive = options.contains("rbind");
        List<String> flags = new ArrayList<>(options);
        flags.removeIf(option -> option.equals("bind") || option.equals("rbind"));
        List<String> first = mount("", List.of(recursive ? "rbind" : "bind"));
        if (flags.isEmpty()) {
            return List.of(first);
        }
        flags.addFirst("remount");
        flags.add(1, "bind");
        return List.of(first, mount("", flags));
    }

    private List<String> mount(String fileSystem, List<String> settings) {
        List<String> command = new ArrayList<>();
        command.add("mount");
        if (!fileSystem.isEmpty()) {
            command.add("-t");
            command.add(fileSystem);
        }
        if (!settings.isEmpty()) {
            command.add("-o");
            command.add(String.join(",", settings));
        }
        command.add(source);
        command.add(place.toString());
        return command;
    }
}
