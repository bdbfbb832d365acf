package dev.kumite.oci;

import dev.kumite.oci.Hooks.Hook;
import java.util.List;
import java.util.Optional;

/** Reads {@code hooks}. Source: runtime-spec config.md, POSIX-platform Hooks. */
final class HooksReader {

    private static final Names HOOKS =
            Names.of(
                    "prestart",
                    "createRuntime",
                    "createContainer",
                    "startContainer",
                    "poststart",
                    "poststop");
    private static final Names HOOK = Names.of("path", "args", "env", "timeout");

    private HooksReader() {}

    static Hooks hooks(JsonInput in) {
        List<Hook> prestart = List.of();
        List<Hook> createRuntime = List.of();
        List<Hook> createContainer = List.of();
        List<Hook> startContainer = List.of();
        List<Hook> poststart = List.of();
        List<Hook> poststop = List.of();
        for (String name = in.first(HOOKS); name != null; name = in.next(HOOKS)) {
            switch (name) {
                case "prestart" -> prestart = in.objects(HooksReader::hook);
                case "createRuntime" -> createRuntime = in.objects(HooksReader::hook);
                case "createContainer" -> createContainer = in.objects(HooksReader::hook);
                case "startContainer" -> startContainer = in.objects(HooksReader::hook);
                case "poststart" -> poststart = in.objects(HooksReader::hook);
                case "poststop" -> poststop = in.objects(HooksReader::hook);
                default -> throw new AssertionError(name);
            }
        }
        return new Hooks(
                prestart, createRuntime, createContainer, startContainer, poststart, poststop);
    }

    private static Hook hook(JsonInput in) {
        String path = "";
        List<String> args = List.of();
        List<String> env = List.of();
        Optional<Long> timeout = Optional.empty();
        for (String name = in.first(HOOK); name != null; name = in.next(HOOK)) {
            switch (name) {
                case "path" -> path = in.string();
                case "args" -> args = in.strings();
                case "env" -> env = in.strings();
                case "timeout" -> timeout = in.optionalInteger(IntegerRange.INT64);
                default -> throw new AssertionError(name);
            }
        }
        return new Hook(path, args, env, timeout);
    }
}
