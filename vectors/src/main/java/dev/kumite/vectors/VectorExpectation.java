package dev.kumite.vectors;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a case expects, with Kumite's deliberate differences (docs/deviations.md) applied by rule,
 * and how an answer compares with it. Error texts are not compared, but must mention the
 * annotations that the original mentions.
 */
public final class VectorExpectation {

    private static final String HYPERVISOR = "io.katacontainers.config.hypervisor.";
    private static final String MEMORY = "io.kubernetes.cri.sandbox-memory";
    private static final List<String> SIZES =
            List.of(
                    MEMORY,
                    "io.kubernetes.cri.sandbox-cpu-quota",
                    "io.kubernetes.cri.sandbox-cpu-period");
    private static final List<String> NARROW =
            List.of(
                    HYPERVISOR + "default_memory",
                    HYPERVISOR + "memory_slots",
                    HYPERVISOR + "default_vcpus",
                    HYPERVISOR + "default_max_vcpus",
                    HYPERVISOR + "pcie_root_port",
                    HYPERVISOR + "virtio_fs_cache_size",
                    HYPERVISOR + "msize_9p",
                    "io.katacontainers.config.agent.container_pipe_size");
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");
    private static final Pattern KEY = Pattern.compile("io\\.katacontainers\\.[\\w.]*\\w");
    private static final BigInteger MAX_UINT32 = BigInteger.valueOf(0xFFFF_FFFFL);
    private static final BigInteger MAX_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    /** The expectation that only the absence of a crash is asked for. */
    private static final Map<String, Object> ANY = Map.of("any", true);

    private final Map<String, Object> vector;
    private final Map<String, Object> expected;
    private final String root;
    private final long shmBytes;

    /**
     * @param vector the case, with its {@code expect}
     * @param root what stands for {@code @ROOT@}
     * @param shmBytes size of the file system that the root lies on
     */
    public VectorExpectation(Map<String, Object> vector, String root, long shmBytes) {
        this.vector = vector;
        this.root = root;
        this.shmBytes = shmBytes;
        this.expected = deviate(JsonTree.object(JsonTree.copy(vector.get("expect"))));
    }

    /** {@return how the answer differs, if it does} */
    public Optional<String> difference(String answer) {
        Map<String, Object> parsed =
                JsonTree.object(JsonTree.parse(answer.replace(root, "@ROOT@")));
        if (!vector.get("name").equals(parsed.get("name"))) {
            return Optional.of("answer to " + parsed.get("name"));
        }
        return difference(expected, parsed);
    }

    private Optional<String> difference(Map<String, Object> expect, Map<String, Object> answer) {
        if (answer.containsKey("result") == answer.containsKey("error")) {
            return Optional.of("neither a result nor an error, or both");
        }
        if (expect.containsKey("any")) {
            return Optional.empty();
        }
        if (expect.get("anyOf") instanceof List<?> alternatives) {
            return alternatives.stream()
                            .anyMatch(one -> difference(JsonTree.object(one), answer).isEmpty())
                    ? Optional.empty()
                    : Optional.of("none of the alternatives: " + answer);
        }
        if (expect.containsKey("error") || expect.containsKey("errorOneOf")) {
            return errorDifference(expect, answer);
        }
        if (!answer.containsKey("result")) {
            return Optional.of("want a result, got " + answer);
        }
        Object got = answer.get("result");
        if (expect.containsKey("shmSizeOf")) {
            for (Map<String, Object> sandbox : sandboxes(got)) {
                if (!BigInteger.valueOf(shmBytes).equals(sandbox.remove("ShmSize"))) {
                    return Optional.of("ShmSize is not that of the file system");
                }
            }
        }
        return valueDifference(expect.get("result"), got, "");
    }

    private static Optional<String> errorDifference(
            Map<String, Object> expect, Map<String, Object> answer) {
        if (!answer.containsKey("error")) {
            return Optional.of("want the error " + expect + ", got " + answer);
        }
        String errors = errors(answer);
        Matcher keys = KEY.matcher(String.valueOf(expect.getOrDefault("error", "")));
        while (keys.find()) {
            if (!errors.contains(keys.group())) {
                return Optional.of("the error does not mention " + keys.group() + ": " + answer);
            }
        }
        return Optional.empty();
    }

    /** {@return all that an answer says is an error; what it only warns of does not count} */
    private static String errors(Map<String, Object> answer) {
        StringBuilder errors = new StringBuilder(String.valueOf(answer.get("error")));
        if (answer.get("problems") instanceof List<?> problems) {
            for (Object problem : problems) {
                if ("error".equals(JsonTree.object(problem).get("severity"))) {
                    errors.append('\n').append(problem);
                }
            }
        }
        return errors.toString();
    }

    private static Optional<String> valueDifference(Object want, Object got, String at) {
        if (isEmpty(want) && isEmpty(got)) {
            return Optional.empty();
        }
        if (want instanceof Map<?, ?> wanted && got instanceof Map<?, ?> given) {
            for (Map.Entry<?, ?> member : wanted.entrySet()) {
                Optional<String> difference =
                        valueDifference(
                                member.getValue(),
                                given.get(member.getKey()),
                                at + "." + member.getKey());
                if (difference.isPresent()) {
                    return difference;
                }
            }
            return given.entrySet().stream()
                    .filter(member ->
                            !wanted.containsKey(member.getKey()) && !isEmpty(member.getValue()))
                    .map(member -> at + "." + member.getKey() + ": unexpected " + member.getValue())
                    .findFirst();
        }
        if (want instanceof List<?> wanted
                && got instanceof List<?> given
                && wanted.size() == given.size()) {
            for (int i = 0; i < wanted.size(); i++) {
                Optional<String> difference =
                        valueDifference(wanted.get(i), given.get(i), at + "[" + i + "]");
                if (difference.isPresent()) {
                    return difference;
                }
            }
            return Optional.empty();
        }
        return want != null && want.equals(got)
                ? Optional.empty()
                : Optional.of(at + ": want " + want + " got " + got);
    }

    private static boolean isEmpty(Object value) {
        return switch (value) {
            case null -> true;
            case Boolean flag -> !flag;
            case BigInteger number -> number.signum() == 0;
            case String text -> text.isEmpty();
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.values().stream().allMatch(VectorExpectation::isEmpty);
            default -> false;
        };
    }

    private Map<String, Object> deviate(Map<String, Object> expect) {
        if (isAlwaysOurs(expect)) {
            return ANY;
        }
        if (!(vector.get("spec") instanceof Map<?, ?> spec) || expect.containsKey("anyOf")) {
            return expect;
        }
        Map<String, Object> notes =
                spec.get("annotations") instanceof Map<?, ?> map
                        ? JsonTree.object(map)
                        : new HashMap<>();
        List<String> wide =
                SIZES.stream()
                        .filter(key ->
                                integer(
                                                        notes.get(key),
                                                        BigInteger.TWO.pow(31).negate(),
                                                        BigInteger.TWO
                                                                .pow(31)
                                                                .subtract(BigInteger.ONE))
                                                .isEmpty()
                                        && integer(
                                                        notes.get(key),
                                                        BigInteger.TWO.pow(63).negate(),
                                                        MAX_UINT64)
                                                .isPresent())
                        .toList();
        if (!wide.isEmpty()) {
            return wideSizing(expect, notes, wide);
        }
        if (!expect.containsKey("result")) {
            return expect;
        }
        String op = (String) vector.get("op");
        if (op.equals("sandbox") || op.equals("create")) {
            if (NARROW.stream()
                    .anyMatch(key ->
                            integer(notes.get(key), BigInteger.ZERO, MAX_UINT64)
                                    .filter(number -> number.compareTo(MAX_UINT32) > 0)
                                    .isPresent())) {
                return Map.of("error", "out of range"); // D4
            }
            Object store = notes.get(HYPERVISOR + "enable_vhost_user_store"); // D5
            if (store != null && !TRUE.contains(store) && !FALSE.contains(store)) {
                return Map.of("error", HYPERVISOR + "enable_vhost_user_store");
            }
            if (store != null) {
                for (Map<String, Object> sandbox : sandboxes(expect.get("result"))) {
                    JsonTree.object(
                                    sandbox.computeIfAbsent(
                                            "HypervisorConfig",
                                            name -> new HashMap<String, Object>()))
                            .put("EnableVhostUserStore", TRUE.contains(store));
                }
            }
        }
        return containers(expect, spec, op);
    }

    private boolean isAlwaysOurs(Map<String, Object> expect) {
        if (String.valueOf(expect.get("error")).contains("support vsock")) {
            return true; // D17
        }
        if (vector.get("specText") instanceof String text && JsonTree.repeatsKey(text)) {
            return true; // D18
        }
        if (vector.get("op").equals("configPath") || expect.containsKey("panic")) {
            return true; // D6, D7
        }
        return expect.get("anyOf") instanceof List<?> alternatives
                && alternatives.stream().anyMatch(one -> JsonTree.object(one).containsKey("panic"));
    }

    /** D1: sizes are read in 64 bits. */
    private Map<String, Object> wideSizing(
            Map<String, Object> expect, Map<String, Object> notes, List<String> wide) {
        if (!vector.get("op").equals("sandboxSizing")
                || !wide.equals(List.of(MEMORY))
                || !expect.containsKey("result")) {
            return ANY;
        }
        BigInteger mib =
                new BigInteger((String) notes.get(MEMORY)).max(BigInteger.ZERO).shiftRight(20);
        if (mib.compareTo(MAX_UINT32) > 0) {
            return ANY;
        }
        JsonTree.object(expect.get("result")).put("MemMB", mib);
        return expect;
    }

    /**
     * D2 and D3: mounts that are bind mounts by their options, and variables with more than one
     * "=".
     */
    private static Map<String, Object> containers(
            Map<String, Object> expect, Map<?, ?> spec, String op) {
        if (!List.of("sandbox", "create", "container").contains(op)) {
            return expect;
        }
        Object env = spec.get("process") instanceof Map<?, ?> process ? process.get("env") : null;
        for (Map<String, Object> sandbox : sandboxes(expect.get("result"))) {
            List<?> containers =
                    sandbox.get("Containers") instanceof List<?> list ? list : List.of(sandbox);
            for (Object container : containers) {
                Map<String, Object> members = JsonTree.object(container);
                if (members.get("Cmd") instanceof Map<?, ?> cmd
                        && env instanceof List<?> entries
                        && cmd.get("Envs") instanceof List<?>) {
                    JsonTree.object(cmd).put("Envs", variables(entries));
                }
                if (members.get("Mounts") instanceof List<?> mounts && bindsShm(mounts)) {
                    return ANY;
                }
            }
        }
        return expect;
    }

    private static List<Object> variables(List<?> entries) {
        List<Object> variables = new ArrayList<>();
        for (Object entry : entries) {
            if (entry instanceof String text && text.contains("=")) {
                int equals = text.indexOf('=');
                variables.add(
                        Map.of(
                                "Var",
                                text.substring(0, equals),
                                "Value",
                                text.substring(equals + 1)));
            }
        }
        return variables;
    }

    private static boolean bindsShm(List<?> mounts) {
        boolean shm = false;
        for (Object one : mounts) {
            Map<String, Object> mount = JsonTree.object(one);
            List<?> options = mount.get("Options") instanceof List<?> list ? list : List.of();
            boolean typed =
                    List.of("ephemeral", "local", "bind")
                            .contains(String.valueOf(mount.get("Type")));
            if (!typed && (options.contains("bind") || options.contains("rbind"))) {
                mount.put("Type", "bind");
                shm |= "/dev/shm".equals(mount.get("Destination"));
            }
        }
        return shm;
    }

    private static List<Map<String, Object>> sandboxes(Object result) {
        if (!(result instanceof Map<?, ?> map)) {
            return List.of();
        }
        for (String member : List.of("Sandbox", "Container")) {
            if (map.get(member) instanceof Map<?, ?> inner) {
                return List.of(JsonTree.object(inner));
            }
        }
        return List.of(JsonTree.object(map));
    }

    private static Optional<BigInteger> integer(Object text, BigInteger low, BigInteger high) {
        if (!(text instanceof String digits) || !digits.matches("[+-]?[0-9]+")) {
            return Optional.empty();
        }
        BigInteger number = new BigInteger(digits);
        return number.compareTo(low) >= 0 && number.compareTo(high) <= 0
                ? Optional.of(number)
                : Optional.empty();
    }
}
