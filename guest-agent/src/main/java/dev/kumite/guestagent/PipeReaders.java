package dev.kumite.guestagent;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks who has a pipe open. Source: proc_pid_fd(5). */
final class PipeReaders {

    private static final File PROCESSES = new File("/proc");

    private final String pipe;
    private volatile long crun;

    /**
     * @param readEnd the reading end, open in this process
     */
    PipeReaders(Path readEnd) {
        this.pipe = target(readEnd);
    }

    /** Names the process that holds the pipe without reading it. */
    void leaveOut(long pid) {
        crun = pid;
    }

    /** {@return whether another process has it open than this one and crun} */
    boolean areThere() {
        String[] pids = PROCESSES.list();
        if (pids == null) {
            return true;
        }
        long self = ProcessHandle.current().pid();
        for (String pid : pids) {
            if (pid.charAt(0) >= '1' && pid.charAt(0) <= '9') {
                long number = Long.parseLong(pid);
                if (number != crun && number != self && holds(pid)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean holds(String pid) {
        File directory = new File(PROCESSES, pid + "/fd");
        String[] numbers = directory.list();
        if (numbers == null) {
            return false;
        }
        for (String number : numbers) {
            if (pipe.equals(target(directory.toPath().resolve(number)))) {
                return true;
            }
        }
        return false;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "";
        }
    }
}
