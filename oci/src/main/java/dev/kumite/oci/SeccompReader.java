package dev.kumite.oci;

import dev.kumite.oci.Seccomp.Argument;
import dev.kumite.oci.Seccomp.Syscall;
import java.util.List;
import java.util.Optional;

/** Reads {@code linux.seccomp}. Source: runtime-spec config-linux.md, Seccomp. */
final class SeccompReader {

    private static final Names SECCOMP =
            Names.of(
                    "defaultAction",
                    "defaultErrnoRet",
                    "architectures",
                    "flags",
                    "listenerPath",
                    "listenerMetadata",
                    "syscalls");
    private static final Names SYSCALL = Names.of("names", "action", "errnoRet", "args");
    private static final Names ARGUMENT = Names.of("index", "value", "valueTwo", "op");

    private SeccompReader() {}

    static Seccomp seccomp(JsonInput in) {
        String defaultAction = "";
        Optional<Uint64> defaultErrnoRet = Optional.empty();
        List<String> architectures = List.of();
        List<String> flags = List.of();
        String listenerPath = "";
        String listenerMetadata = "";
        List<Syscall> syscalls = List.of();
        for (String name = in.first(SECCOMP); name != null; name = in.next(SECCOMP)) {
            switch (name) {
                case "defaultAction" -> defaultAction = in.string();
                case "defaultErrnoRet" -> defaultErrnoRet = in.optionalUint64();
                case "architectures" -> architectures = in.strings();
                case "flags" -> flags = in.strings();
                case "listenerPath" -> listenerPath = in.string();
                case "listenerMetadata" -> listenerMetadata = in.string();
                case "syscalls" -> syscalls = in.objects(SeccompReader::syscall);
                default -> throw new AssertionError(name);
            }
        }
        return new Seccomp(
                defaultAction,
                defaultErrnoRet,
                architectures,
                flags,
                listenerPath,
                listenerMetadata,
                syscalls);
    }

    private static Syscall syscall(JsonInput in) {
        List<String> names = List.of();
        String action = "";
        Optional<Uint64> errnoRet = Optional.empty();
        List<Argument> args = List.of();
        for (String name = in.first(SYSCALL); name != null; name = in.next(SYSCALL)) {
            switch (name) {
                case "names" -> names = in.strings();
                case "action" -> action = in.string();
                case "errnoRet" -> errnoRet = in.optionalUint64();
                case "args" -> args = in.objects(SeccompReader::argument);
                default -> throw new AssertionError(name);
            }
        }
        return new Syscall(names, action, errnoRet, args);
    }

    private static Argument argument(JsonInput in) {
        Uint64 index = Uint64.ZERO;
        Uint64 value = Uint64.ZERO;
        Uint64 valueTwo = Uint64.ZERO;
        String op = "";
        for (String name = in.first(ARGUMENT); name != null; name = in.next(ARGUMENT)) {
            switch (name) {
                case "index" -> index = in.uint64();
                case "value" -> value = in.uint64();
                case "valueTwo" -> valueTwo = in.uint64();
                case "op" -> op = in.string();
                default -> throw new AssertionError(name);
            }
        }
        return new Argument(index, value, valueTwo, op);
    }
}
