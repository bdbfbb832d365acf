package dev.kumite.ttrpc;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How a client uses its connection.
 *
 * @param firstStreamId odd and positive; the ids of later calls count up from it in steps of two
 * @param metadata sent with every call
 * @param resynchronisation how to find the beginning of a frame on a line that other clients used
 *     before; absent for connections that are new for both ends
 */
public record TtrpcOptions(
        int firstStreamId,
        Map<String, String> metadata,
        Optional<Resynchronisation> resynchronisation) {

    /** For a fresh connection: ids from 1, no metadata. */
    public static final TtrpcOptions DEFAULT = new TtrpcOptions(1, Map.of(), Optional.empty());

    /**
     * A harmless call by which a client and a server that both may be in the middle of a frame find
     * together.
     *
     * <p>The client makes the call and discards what arrives until the header of its answer; its
     * first stream id should be random for that. If no answer comes within {@code patience}, the
     * server is taken to wait for the rest of a frame: the client sends more zero bytes than any
     * frame is long, and makes the call again.
     *
     * @param service of the call
     * @param method of the call; its answer is not looked at
     * @param patience until the zero bytes are sent; long for a server that is still starting
     * @param timeout after which opening the connection fails, the patience included
     */
    public record Resynchronisation(
            String service, String method, Duration patience, Duration timeout) {}

    public TtrpcOptions {
        if (firstStreamId <= 0 || firstStreamId % 2 == 0) {
            throw new IllegalArgumentException(
                    "the first stream id must be odd and positive: " + firstStreamId);
        }
        metadata = Map.copyOf(metadata);
    }

    /** {@return the same with this first stream id} */
    public TtrpcOptions withFirstStreamId(int id) {
        return new TtrpcOptions(id, metadata, resynchronisation);
    }

    /** {@return the same with this metadata} */
    public TtrpcOptions withMetadata(Map<String, String> values) {
        return new TtrpcOptions(firstStreamId, values, resynchronisation);
    }

    /** {@return the same, resynchronising by this call} */
    public TtrpcOptions resynchronisingBy(Resynchronisation call) {
        return new TtrpcOptions(firstStreamId, metadata, Optional.of(call));
    }
}
