package dev.kumite.guestagent;

import java.io.File;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * A pipe of the kernel, 64 KiB, of which a child process gets one end as a file that it opens.
 *
 * <p>Not the pipes of {@link Process}: those are emptied into memory when the child ends, without a
 * bound if somebody else still writes. Not {@code pipe2} through {@code dev.kumite.linux} either,
 * which would load all that Java needs for its first system call. Java's own {@link Pipe} is one of
 * the kernel's, and does not tell its descriptors; they are the two ends of the pipe that appears
 * in {@code /proc/self/fd} while it is made.
 *
 * @param channels this side's ends; the child's is closed here once the child has it
 * @param readEnd the reading end, as a file to open; valid while {@code channels.source()} is open
 * @param writeEnd the writing end, likewise
 */
record ProcessPipe(Pipe channels, File readEnd, File writeEnd) {

    private static final File DESCRIPTORS = new File("/proc/self/fd");

    static ProcessPipe open() throws IOException {
        Spawn.LOCK.lock();
        try {
            Set<String> before = new HashSet<>();
            for (String number : list()) {
                before.add(target(number));
            }
            return find(Pipe.open(), before);
        } finally {
            Spawn.LOCK.unlock();
        }
    }

    private static ProcessPipe find(Pipe pipe, Set<String> before) throws IOException {
        String reader = "";
        String writer = "";
        for (String number : list()) {
            String target = target(number);
            if (target.startsWith("pipe:") && !before.contains(target)) {
                if (isForWriting(number)) {
                    writer = number;
                } else {
                    reader = number;
                }
            }
        }
        if (reader.isEmpty() || writer.isEmpty() || !target(reader).equals(target(writer))) {
            pipe.source().close();
            pipe.sink().close();
            throw new IOException("cannot tell the ends of a new pipe in " + DESCRIPTORS);
        }
        return new ProcessPipe(pipe, new File(DESCRIPTORS, reader), new File(DESCRIPTORS, writer));
    }

    private static String[] list() throws IOException {
        String[] numbers = DESCRIPTORS.list();
        if (numbers == null) {
            throw new IOException("cannot read " + DESCRIPTORS);
        }
        return numbers;
    }

    /** {@return what a descriptor is; empty if it has been closed since it was listed} */
    private static String target(String number) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd", number)).toString();
        } catch (IOException _) {
            return "";
        }
    }

    /** Source: proc_pid_fdinfo(5), {@code flags}, octal; O_ACCMODE is its last digit's low bits. */
    private static boolean isForWriting(String number) throws IOException {
        String text = Files.readString(Path.of("/proc/self/fdinfo", number));
        int flags = text.indexOf("flags:");
        int end = text.indexOf('\n', flags);
        return flags >= 0 && end > 0 && ((text.charAt(end - 1) - '0') & 3) == 1;
    }
}
