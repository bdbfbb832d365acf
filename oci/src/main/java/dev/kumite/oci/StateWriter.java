package dev.kumite.oci;

/** Writes a container's state. Source: runtime-spec specs-go/state.go. */
public final class StateWriter {

    private StateWriter() {}

    /** {@return the document, in one line} */
    public static String write(State state) {
        return JsonOutput.document(state, StateWriter::state);
    }

    private static void state(JsonOutput out, State state) {
        out.stringAlways("ociVersion", state.ociVersion());
        out.stringAlways("id", state.id());
        out.stringAlways("status", state.status());
        out.integer("pid", state.pid());
        out.stringAlways("bundle", state.bundle());
        out.stringMap("annotations", state.annotations());
    }
}
