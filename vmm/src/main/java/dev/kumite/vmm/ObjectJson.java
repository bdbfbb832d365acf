package dev.kumite.vmm;

import java.util.LinkedHashMap;
import java.util.Map;

/** The arguments of {@code object-add}, which takes sizes as numbers only. */
final class ObjectJson {

    private ObjectJson() {}

    static Json.Obj of(Backend.ObjectAdd object) {
        Map<String, Json> arguments = new LinkedHashMap<>(object.options().json().members());
        if (arguments.get("size") instanceof Json.Text(String size) && size.endsWith("M")) {
            long mib = Long.parseLong(size.substring(0, size.length() - 1));
            arguments.put("size", new Json.Whole(mib << 20));
        }
        return new Json.Obj(arguments);
    }
}
