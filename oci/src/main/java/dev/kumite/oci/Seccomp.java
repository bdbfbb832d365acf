package dev.kumite.oci;

import java.util.List;
import java.util.Optional;

/**
 * The filter of system calls.
 *
 * <p>Source: runtime-spec config-linux.md, Seccomp.
 *
 * @param defaultAction what happens to a call that no rule names, such as {@code SCMP_ACT_ERRNO}
 * @param defaultErrnoRet error number that goes with the default action
 * @param architectures the architectures whose calls are filtered, such as {@code SCMP_ARCH_X86_64}
 * @param flags flags of {@code seccomp(2)}
 * @param listenerPath socket that the listener's descriptor is sent to; empty for none
 * @param listenerMetadata data that is sent along; empty for none
 * @param syscalls the rules, in this order
 */
public record Seccomp(
        String defaultAction,
        Optional<Uint64> defaultErrnoRet,
        List<String> architectures,
        List<String> flags,
        String listenerPath,
        String listenerMetadata,
        List<Syscall> syscalls) {

    public Seccomp {
        architectures = List.copyOf(architectures);
        flags = List.copyOf(flags);
        syscalls = List.copyOf(syscalls);
    }

    /**
     * A rule.
     *
     * <p>Source: runtime-spec config-linux.md, Seccomp, syscalls.
     *
     * @param names the calls that it is for
     * @param action what happens to them, such as {@code SCMP_ACT_ALLOW}
     * @param errnoRet error number that goes with the action
     * @param args conditions on the arguments, all of which must hold
     */
    public record Syscall(
            List<String> names, String action, Optional<Uint64> errnoRet, List<Argument> args) {
        public Syscall {
            names = List.copyOf(names);
            args = List.copyOf(args);
        }
    }

    /**
     * A condition on an argument of a call.
     *
     * <p>Source: runtime-spec config-linux.md, Seccomp, args.
     *
     * @param index which argument, from 0
     * @param value what it is compared with
     * @param valueTwo second operand, for {@code SCMP_CMP_MASKED_EQ}
     * @param op the comparison, such as {@code SCMP_CMP_EQ}
     */
    public record Argument(Uint64 index, Uint64 value, Uint64 valueTwo, String op) {}
}
