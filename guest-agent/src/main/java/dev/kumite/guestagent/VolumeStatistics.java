package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.VolumeCondition;
import dev.kumite.agentprotocol.messages.VolumeStatsResponse;
import dev.kumite.agentprotocol.messages.VolumeUsage;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How full a volume is. Source: the Container Storage Interface, NodeGetVolumeStats. */
final class VolumeStatistics {

    private VolumeStatistics() {}

    static VolumeStatsResponse of(Path volume) {
        try {
            FileStore store = Files.getFileStore(volume);
            long total = store.getTotalSpace();
            return VolumeStatsResponse.newBuilder()
                    .addUsage(
                            VolumeUsage.newBuilder()
                                    .setUnit(VolumeUsage.Unit.BYTES)
                                    .setTotal(total)
                                    .setAvailable(store.getUsableSpace())
                                    .setUsed(total - store.getUnallocatedSpace()))
                    .setVolumeCondition(VolumeCondition.newBuilder().setMessage("OK"))
                    .build();
        } catch (IOException e) {
            throw Refusal.notFound("there is no volume at " + volume + ": " + e.getMessage());
        }
    }
}
