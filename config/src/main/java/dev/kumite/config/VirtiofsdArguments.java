package dev.kumite.config;

import java.util.List;
import java.util.Optional;

/**
 * What arguments of virtiofsd mean for the wall between guest and host.
 *
 * <p>Source: virtiofsd's options, in C (QEMU 7) and in Rust; advisory GHSA-rr59-xxvx-96qr.
 */
final class VirtiofsdArguments {

    /**
     * Options that are refused whatever their value: another directory, no sandbox, further
     * capabilities, another connection than that to the machine.
     */
    private static final List<String> ALWAYS =
            List.of("--shared-dir", "--disable-sandbox", "--modcaps", "--socket-path", "--fd");

    private VirtiofsdArguments() {}

    /**
     * {@return the first argument that shares another directory or switches the sandbox off}
     *
     * @param configured arguments in front of them, the last of which may wait for its value
     * @param arguments that an annotation adds
     */
    static Optional<String> escape(List<String> configured, List<String> arguments) {
        String before = configured.isEmpty() ? "" : configured.getLast();
        for (String argument : arguments) {
            if (isEscape(before, argument)) {
                return Optional.of(argument);
            }
            before = argument;
        }
        return Optional.empty();
    }

    private static boolean isEscape(String before, String argument) {
        for (String option : ALWAYS) {
            if (before.equals(option)
                    || argument.equals(option)
                    || argument.startsWith(option + "=")) {
                return true;
            }
        }
        if (argument.equals("--sandbox=none") || argument.equals("--seccomp=none")) {
            return true;
        }
        if (argument.equals("none") && (before.equals("--sandbox") || before.equals("--seccomp"))) {
            return true;
        }
        if (before.equals("-o") || before.equals("--o")) {
            return isEscapingOption(argument);
        }
        return argument.startsWith("-o") && isEscapingOption(argument.substring(2));
    }

    /** Options after {@code -o} are separated by commas. */
    private static boolean isEscapingOption(String options) {
        for (String option : options.split(",", -1)) {
            String name = option.strip();
            if (name.startsWith("source=")
                    || name.startsWith("sandbox=")
                    || name.startsWith("modcaps=")) {
                return true;
            }
        }
        return false;
    }
}
