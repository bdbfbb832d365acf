package dev.kumite.supervisor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The options of {@code update} that name single limits. Source: runc-update(8). */
final class LimitOptions {

    private static final List<String> NAMES =
            List.of(
                    "blkio-weight",
                    "cpu-period",
                    "cpu-quota",
                    "cpu-share",
                    "cpu-rt-period",
                    "cpu-rt-runtime",
                    "cpuset-cpus",
                    "cpuset-mems",
                    "kernel-memory",
                    "kernel-memory-tcp",
                    "memory",
                    "memory-reservation",
                    "memory-swap",
                    "pids-limit");

    private LimitOptions() {}

    /** {@return the limits as in {@code linux.resources}} */
    static String json(List<Verb.Limit> limits) {
        List<String> cpu = new ArrayList<>();
        List<String> memory = new ArrayList<>();
        List<String> other = new ArrayList<>();
        for (Verb.Limit limit : limits) {
            String value = limit.value();
            switch (limit.name()) {
                case "blkio-weight" -> other.add("\"blockIO\":{\"weight\":" + number(limit) + "}");
                case "cpu-period" -> cpu.add("\"period\":" + number(limit));
                case "cpu-quota" -> cpu.add("\"quota\":" + number(limit));
                case "cpu-share" -> cpu.add("\"shares\":" + number(limit));
                case "cpu-rt-period" -> cpu.add("\"realtimePeriod\":" + number(limit));
                case "cpu-rt-runtime" -> cpu.add("\"realtimeRuntime\":" + number(limit));
                case "cpuset-cpus" -> cpu.add("\"cpus\":\"" + cpuset(value) + "\"");
                case "cpuset-mems" -> cpu.add("\"mems\":\"" + cpuset(value) + "\"");
                case "kernel-memory" -> memory.add("\"kernel\":" + number(limit));
                case "kernel-memory-tcp" -> memory.add("\"kernelTCP\":" + number(limit));
                case "memory" -> memory.add("\"limit\":" + number(limit));
                case "memory-reservation" -> memory.add("\"reservation\":" + number(limit));
                case "memory-swap" -> memory.add("\"swap\":" + number(limit));
                case "pids-limit" -> other.add("\"pids\":{\"limit\":" + number(limit) + "}");
                default -> throw new AssertionError(limit.name());
            }
        }
        if (!cpu.isEmpty()) {
            other.add("\"cpu\":{" + String.join(",", cpu) + "}");
        }
        if (!memory.isEmpty()) {
            other.add("\"memory\":{" + String.join(",", memory) + "}");
        }
        return "{" + String.join(",", other) + "}";
    }

    private static long number(Verb.Limit limit) {
        try {
            return Long.parseLong(limit.value());
        } catch (NumberFormatException notANumber) {
            throw OptionTable.usage(
                    "update: --" + limit.name() + " \"" + limit.value() + "\" is no number");
        }
    }

    private static String cpuset(String text) {
        if (!text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == ',' || c == '-')) {
            throw OptionTable.usage("update: \"" + text + "\" is no list like 0-2,5");
        }
        return text;
    }

    /** {@return the names, and that of the option for a file of limits} */
    static Set<String> withFile() {
        Set<String> names = new HashSet<>(NAMES);
        names.add("resources");
        return names;
    }

    /** {@return the limits that are given} */
    static List<Verb.Limit> in(OptionTable.Parsed parsed) {
        List<Verb.Limit> limits = new ArrayList<>();
        for (String name : NAMES) {
            parsed.last(name).ifPresent(value -> limits.add(new Verb.Limit(name, value)));
        }
        return limits;
    }
}
