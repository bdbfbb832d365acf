package dev.kumite.engine;

import java.nio.file.Path;
import java.util.List;

/**
 * The record of a sandbox: all that Kumite, QEMU, virtiofsd and the guest wrote, in the order of
 * time. It is there while the sandbox is, and after a start that failed.
 *
 * @param sandboxId the sandbox's identity
 * @param directory where the record lies
 * @param entries its lines in the order of time; of a very long record the last ones
 */
public record SandboxRecord(String sandboxId, Path directory, List<RecordEntry> entries) {
    public SandboxRecord {
        entries = List.copyOf(entries);
    }
}
