package dev.kumite.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists of {@code NAME=value}. */
final class Environment {

    private Environment() {}

    /** {@return the entries of both lists; of those with the same name, the last} */
    static List<String> merge(List<String> base, List<String> over) {
        Map<String, String> byName = new LinkedHashMap<>();
        for (List<String> entries : List.of(base, over)) {
            for (String entry : entries) {
                int equals = entry.indexOf('=');
                byName.put(equals < 0 ? entry : entry.substring(0, equals), entry);
            }
        }
        return new ArrayList<>(byName.values());
    }
}
