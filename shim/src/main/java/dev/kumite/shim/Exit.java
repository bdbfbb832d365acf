package dev.kumite.shim;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/**
 * How a process has ended.
 *
 * @param code exit code, 0 to 255
 * @param at when
 */
record Exit(int code, Timestamp at) {

    /** Stands for "not yet". Source: Go's zero time, which containerd's messages have there. */
    static final Timestamp NEVER = Timestamp.newBuilder().setSeconds(-62_135_596_800L).build();

    static Exit at(int code, Instant time) {
        return new Exit(code, timestamp(time));
    }

    static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
