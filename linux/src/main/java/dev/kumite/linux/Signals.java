package dev.kumite.linux;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Signals by name and number, as x86_64 and aarch64 have them, and sending to a number.
 *
 * <p>Source: signal(7), kill(2).
 */
public final class Signals {
    /** Hang-up of the terminal. */
    public static final int HUP = 1;

    /** Interrupt from the keyboard. */
    public static final int INT = 2;

    /** Quit from the keyboard. */
    public static final int QUIT = 3;

    /** End at once; cannot be caught. */
    public static final int KILL = 9;

    /** End, please. */
    public static final int TERM = 15;

    /** A child has ended or stopped. */
    public static final int CHLD = 17;

    /** Continue. */
    public static final int CONT = 18;

    /** Stop; cannot be caught. */
    public static final int STOP = 19;

    /** The size of the terminal's window has changed. */
    public static final int WINCH = 28;

    /** The largest number. */
    public static final int MAX = 64;

    /** First and last real-time signal that the C library leaves to programs. */
    private static final int RTMIN = 34;

    private static final int RTMAX = MAX;

    /** By number, from 1. */
    private static final List<String> NAMES =
            List.of(
                    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1",
                    "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP",
                    "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
                    "PWR", "SYS");

    private Signals() {}

    /** {@return the name with SIG, for example SIGTERM or SIGRTMIN+2; the number if it has none} */
    public static String name(int signal) {
        if (signal >= 1 && signal <= NAMES.size()) {
            return "SIG" + NAMES.get(signal - 1);
        }
        if (signal == RTMIN) {
            return "SIGRTMIN";
        }
        if (signal > RTMIN && signal <= RTMAX) {
            return "SIGRTMIN+" + (signal - RTMIN);
        }
        return Integer.toString(signal);
    }

    /**
     * {@return the number of a signal, or empty if there is none such}
     *
     * @param text a name with or without SIG, in capitals or not, or a number from 1 to 64
     */
    public static OptionalInt parse(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        } else {
            OptionalInt number = number(name);
            if (number.isPresent()) {
                return inRange(number.getAsInt(), 1, MAX);
            }
        }
        int place = NAMES.indexOf(canonical(name));
        if (place >= 0) {
            return OptionalInt.of(place + 1);
        }
        if (name.equals("RTMIN")) {
            return OptionalInt.of(RTMIN);
        }
        if (name.equals("RTMAX")) {
            return OptionalInt.of(RTMAX);
        }
        if (name.startsWith("RTMIN+")) {
            OptionalInt offset = number(name.substring("RTMIN+".length()));
            return offset.isPresent()
                    ? inRange(RTMIN + offset.getAsInt(), RTMIN, RTMAX)
                    : OptionalInt.empty();
        }
        if (name.startsWith("RTMAX-")) {
            OptionalInt offset = number(name.substring("RTMAX-".length()));
            return offset.isPresent()
                    ? inRange(RTMAX - offset.getAsInt(), RTMIN, RTMAX)
                    : OptionalInt.empty();
        }
        return OptionalInt.empty();
    }

    /**
     * Sends a signal to whatever process has the number now. For a process that is known for
     * longer, {@link ProcessIdentity#signal} is safe.
     *
     * @param pid a process; 0, -1 and negative groups as kill(2) has them
     * @return whether it was there to receive it
     */
    public static boolean kill(int pid, int signal) {
        long result = Syscall.call(SyscallNumber.KILL, pid, signal);
        if (result == -Syscall.ESRCH) {
            return false;
        }
        LinuxException.check(result, "send " + name(signal) + " to process " + pid);
        return true;
    }

    private static String canonical(String name) {
        return switch (name) {
            case "IOT" -> "ABRT";
            case "CLD" -> "CHLD";
            case "POLL" -> "IO";
            case "UNUSED" -> "SYS";
            default -> name;
        };
    }

    /** {@return the value of one to three digits} */
    private static OptionalInt number(String digits) {
        if (digits.isEmpty() || digits.length() > 3) {
            return OptionalInt.empty();
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return OptionalInt.empty();
            }
            value = 10 * value + (c - '0');
        }
        return OptionalInt.of(value);
    }

    private static OptionalInt inRange(int value, int least, int most) {
        return value >= least && value <= most ? OptionalInt.of(value) : OptionalInt.empty();
    }
}
