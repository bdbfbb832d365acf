package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.FSGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Gives a new, empty volume to the group of a pod. Source: Kata's FSGroup; chown(2). */
final class FsGroup {

    /** Set-group-id, so that what is made inside belongs to the group; all for owner and group. */
    private static final int MODE = 02770;

    private FsGroup() {}

    static void apply(Path volume, FSGroup group) {
        try {
            Files.setAttribute(volume, "unix:gid", group.getGroupId(), LinkOption.NOFOLLOW_LINKS);
            int mode = (int) Files.getAttribute(volume, "unix:mode") & 07777;
            Files.setAttribute(volume, "unix:mode", mode | MODE);
        } catch (IOException e) {
            throw Refusal.failed(
                    "cannot give "
                            + volume
                            + " to group "
                            + group.getGroupId()
                            + ": "
                            + e.getMessage());
        }
    }
}
