package dev.kumite.oci;

import java.util.Map;

/**
 * A container's state, as {@code state} prints it and hooks read it.
 *
 * <p>Source: runtime-spec runtime.md, State.
 *
 * @param ociVersion version of the specification that the state follows
 * @param id the container's id, unique on its host
 * @param status {@code creating}, {@code created}, {@code running} or {@code stopped}, or a word of
 *     the runtime's own
 * @param pid process id on the host; 0 if there is none
 * @param bundle absolute path of the bundle
 * @param annotations those of the container, in the order of the document
 */
public record State(
        String ociVersion,
        String id,
        String status,
        long pid,
        String bundle,
        Map<String, String> annotations) {
    public State {
        annotations = OrderedMap.copyOf(annotations);
    }
}
