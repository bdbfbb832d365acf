package dev.kumite.supervisor;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A line that {@code front} writes: numbers only, separated by blanks, shorter than what a pipe
 * takes in one piece. The first number is the protocol's version, 1.
 *
 * @param waiter the process that is killed when there is an answer; its standard output takes that
 * @param front the process of the command
 * @param arguments how many of its arguments are ours, from the end
 * @param attempt 1, or more if an earlier supervisor died before it answered
 * @param holder the process that is to stand for the one in the machine, if there is one
 */
record Request(int waiter, int front, int arguments, int attempt, Optional<Integer> holder) {

    private static final String VERSION = "1";
    private static final int FIELDS = 6;

    /** Longest line in bytes; six numbers are far shorter. */
    static final int MOST_BYTES = 128;

    /** {@return the request; empty if the line is none} */
    static Optional<Request> parse(String line) {
        String[] fields = line.split(" ", -1);
        if (fields.length != FIELDS || !fields[0].equals(VERSION)) {
            return Optional.empty();
        }
        OptionalInt waiter = number(fields[1]);
        OptionalInt front = number(fields[2]);
        OptionalInt arguments = number(fields[3]);
        OptionalInt attempt = number(fields[4]);
        OptionalInt holder = number(fields[5]);
        boolean noHolder = fields[5].equals("-");
        if (waiter.isEmpty()
                || front.isEmpty()
                || arguments.isEmpty()
                || attempt.isEmpty()
                || (holder.isEmpty() && !noHolder)) {
            return Optional.empty();
        }
        return Optional.of(
                new Request(
                        waiter.getAsInt(),
                        front.getAsInt(),
                        arguments.getAsInt(),
                        attempt.getAsInt(),
                        noHolder ? Optional.empty() : Optional.of(holder.getAsInt())));
    }

    private static OptionalInt number(String text) {
        try {
            int number = Integer.parseInt(text);
            return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
        } catch (NumberFormatException notANumber) {
            return OptionalInt.empty();
        }
    }
}
