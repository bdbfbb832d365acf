package dev.kumite.oci;

import java.util.Map;

/** Reads a container's state. Source: runtime-spec runtime.md, State. */
public final class StateReader {

    private static final Names STATE =
            Names.of("ociVersion", "id", "status", "pid", "bundle", "annotations");

    private StateReader() {}

    /**
     * {@return the state}
     *
     * @param json the document
     * @param source the file's path, or a name in angle brackets, for messages
     */
    public static Outcome<State> read(String json, String source) {
        return JsonDocument.read(json, source, StateReader::state);
    }

    /**
     * {@return the state}
     *
     * @param utf8 the document; a byte in a string that is not UTF-8 becomes U+FFFD
     * @param source the file's path, or a name in angle brackets, for messages
     */
    public static Outcome<State> read(byte[] utf8, String source) {
        return JsonDocument.read(utf8, source, StateReader::state);
    }

    private static State state(JsonInput in) {
        String ociVersion = "";
        String id = "";
        String status = "";
        long pid = 0;
        String bundle = "";
        Map<String, String> annotations = Map.of();
        for (String name = in.first(STATE); name != null; name = in.next(STATE)) {
            switch (name) {
                case "ociVersion" -> ociVersion = in.string();
                case "id" -> id = in.string();
                case "status" -> status = in.string();
                case "pid" -> pid = in.integer(IntegerRange.INT64);
                case "bundle" -> bundle = in.string();
                case "annotations" -> annotations = in.stringMap();
                default -> throw new AssertionError(name);
            }
        }
        return new State(ociVersion, id, status, pid, bundle, annotations);
    }
}
