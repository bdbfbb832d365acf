package dev.kumite.oci;

import java.util.List;
import java.util.Map;

/**
 * Reads {@code process.capabilities}. Source: runtime-spec config.md, Linux Process, capabilities.
 */
final class CapabilitiesReader {

    private static final Names NAMES =
            Names.of("bounding", "effective", "inheritable", "permitted", "ambient");

    private CapabilitiesReader() {}

    /** Reads five sets by name, as the specification has them since version 1.0. */
    static Capabilities plain(JsonInput in) {
        List<String> bounding = List.of();
        List<String> effective = List.of();
        List<String> inheritable = List.of();
        List<String> permitted = List.of();
        List<String> ambient = List.of();
        for (String name = in.first(NAMES); name != null; name = in.next(NAMES)) {
            switch (name) {
                case "bounding" -> bounding = in.strings();
                case "effective" -> effective = in.strings();
                case "inheritable" -> inheritable = in.strings();
                case "permitted" -> permitted = in.strings();
                case "ambient" -> ambient = in.strings();
                default -> throw new AssertionError(name);
            }
        }
        return new Capabilities(bounding, effective, inheritable, permitted, ambient);
    }

    /**
     * Reads five sets by name, or one list that stands for all of them, as before version 1.0.
     * Names must be spelled exactly; those that are not known must have lists too.
     */
    static Capabilities compatible(JsonInput in) {
        // Differs from kata: there an item that is no string is a crash.
        return in.stringsOrObject(
                Capabilities::ofAll, CapabilitiesReader::exact, Capabilities.empty());
    }

    private static Capabilities exact(JsonInput in) {
        Map<String, List<String>> sets = in.stringsByName();
        return new Capabilities(
                sets.getOrDefault("bounding", List.of()),
                sets.getOrDefault("effective", List.of()),
                sets.getOrDefault("inheritable", List.of()),
                sets.getOrDefault("permitted", List.of()),
                sets.getOrDefault("ambient", List.of()));
    }
}
