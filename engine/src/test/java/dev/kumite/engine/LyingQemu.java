package dev.kumite.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program in QEMU's place whose control socket lies; tests start it as the hypervisor. */
final class LyingQemu {

    /** What it says on its control socket. */
    enum Lie {
        /** Bytes that mean nothing. */
        GARBAGE,
        /** A line without an end. */
        ENDLESS_LINE,
        /** Lines without anything in them, for ever. */
        BLANK_LINES,
        /** A greeting, a byte at a time. */
        SLOW_GREETING,
        /** Not a word. */
        SILENCE,
        /** Answers to what was never asked. */
        OTHER_ANSWERS,
        /** Each answer twice. */
        TWO_ANSWERS,
        /** Events without end, and no answer. */
        EVENTS
    }

    private static final String GREETING =
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 0, \"minor\": 2, \"major\": 7}},"
                    + " \"capabilities\": []}}\n";
    private static final Pattern ID = Pattern.compile("\"id\": ?(\\d+)");

    /** How much of a line without an end is said at once. */
    static final int TAKEN_BYTES = 1 << 16;

    private final Path taken;

    private LyingQemu(Path taken) {
        this.taken = taken;
    }

    /**
     * Lies until nobody listens any more.
     *
     * @param arguments a {@link Lie}; a file that gets a character for each {@link #TAKEN_BYTES} of
     *     a line without an end that were taken; QEMU's arguments
     */
    public static void main(String[] arguments) throws Exception {
        List<Path> sockets = new java.util.ArrayList<>();
        for (String name : List.of("qmp.sock", "console.sock")) {
            Pattern path = Pattern.compile("path=([^,]*" + Pattern.quote(name) + ")");
            for (String argument : arguments) {
                Matcher found = path.matcher(argument);
                if (found.find()) {
                    sockets.add(Path.of(found.group(1)));
                }
            }
        }
        LyingQemu liar = new LyingQemu(Files.createFile(Path.of(arguments[1])));
        // The console first: when the control socket is there, all are looked for; and may be
        // connected to after the lie has been found out.
        try (ServerSocketChannel _ = listen(sockets.getLast());
                ServerSocketChannel control = listen(sockets.getFirst())) {
            try (SocketChannel peer = control.accept()) {
                liar.lie(Lie.valueOf(arguments[0]), peer);
            } catch (IOException _) {
                // It has had enough.
            }
            // What it is, it stays until it is killed.
            Thread.currentThread().join();
        }
    }

    private static ServerSocketChannel listen(Path path) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(path));
        return channel;
    }

    private void lie(Lie lie, SocketChannel peer) throws IOException {
        OutputStream out = Channels.newOutputStream(peer);
        BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(peer), StandardCharsets.UTF_8));
        switch (lie) {
            case GARBAGE -> say(out, "\u0000\u001b[2J{]}\u0001\n");
            case ENDLESS_LINE -> {
                say(out, "{\"QMP\": \"");
                while (true) {
                    say(out, "a".repeat(TAKEN_BYTES));
                    Files.writeString(taken, ".", StandardOpenOption.APPEND);
                }
            }
            case BLANK_LINES -> forever(out, "\n".repeat(1 << 16));
            case SLOW_GREETING -> {
                for (int i = 0; i < GREETING.length(); i++) {
                    say(out, GREETING.substring(i, i + 1));
                    java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
                }
            }
            case SILENCE -> {}
            case OTHER_ANSWERS -> {
                say(out, GREETING);
                say(out, "{\"return\": {}, \"id\": 4711}\n");
            }
            case TWO_ANSWERS -> {
                say(out, GREETING);
                for (Optional<String> id = ask(in); id.isPresent(); id = ask(in)) {
                    say(out, ("{\"return\": {}, \"id\": " + id.get() + "}\n").repeat(2));
                }
            }
            case EVENTS -> {
                say(out, GREETING);
                forever(
                        out,
                        "{\"event\": \"RTC_CHANGE\", \"data\": {\"offset\": 1}}\n".repeat(500));
            }
        }
        int _ = in.read();
    }

    private static Optional<String> ask(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            return Optional.empty();
        }
        Matcher id = ID.matcher(line);
        return Optional.of(id.find() ? id.group(1) : "0");
    }

    private void say(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        out.write(bytes);
    }

    private void forever(OutputStream out, String text) throws IOException {
        while (true) {
            say(out, text);
        }
    }
}
