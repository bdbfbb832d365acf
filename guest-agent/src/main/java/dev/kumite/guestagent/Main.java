package dev.kumite.guestagent;

import dev.kumite.agentprotocol.AgentBinding;
import dev.kumite.ttrpc.TtrpcServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts the agent. Without arguments, as in a guest: on every virtio-serial port of the host's, or
 * on vsock where there is no such port.
 *
 * <pre>
 * Main                        serve the ports of this machine
 * Main --unix SOCKET          serve a Unix socket
 * Main --train [DIRECTORY]    go through what a start needs, and exit
 * </pre>
 */
public final class Main {

    /** Until the ports appear; the kernel finds them while it boots. */
    private static final long PORT_PATIENCE_NANOS = 30_000_000_000L;

    /** The same where there is vsock, so that there may well be no ports. */
    private static final long VSOCK_PATIENCE_NANOS = 1_000_000_000L;

    private static final long LOOK_NANOS = 2_000_000;

    private Main() {}

    /** Serves until the machine ends; exits with 1 if there is nothing to serve on. */
    public static void main(String[] arguments) throws IOException {
        KernelParameters parameters = KernelParameters.read(Path.of("/proc/cmdline"));
        Log log = new Log(parameters.level(), System.err);
        if (log.isDebug()) {
            log.debug("main entered; process started at " + startTicks() + " hundredths");
        }
        if (arguments.length > 0 && arguments[0].equals("--train")) {
            Training.run(
                    arguments.length > 1
                            ? Path.of(arguments[1])
                            : Files.createTempDirectory("kumite-training"),
                    log);
            return;
        }
        TtrpcServer server = server(GuestLayout.GUEST, log);
        if (arguments.length == 2 && arguments[0].equals("--unix")) {
            UnixListener.bind(Path.of(arguments[1]), server, log).run();
            return;
        }
        File[] ports = awaitPorts();
        if (ports.length > 0) {
            servePorts(ports, server.onSerialLine(), log);
        } else if (VsockListener.isPossible()) {
            VsockListener.serve(parameters.vsockPort(), server, log);
        } else {
            log.error(
                    "there is no virtio-serial port named " + SerialPort.NAME + "N, and no vsock");
            System.exit(1);
        }
    }

    /** Source: proc_pid_stat(5), starttime, in ticks of 10 ms since the machine started. */
    private static String startTicks() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        // Not split(): its regular expressions are not worth their start-up time.
        int start = stat.lastIndexOf(')') + 2;
        for (int field = 3; field < 22; field++) {
            start = stat.indexOf(' ', start) + 1;
        }
        return stat.substring(start, stat.indexOf(' ', start));
    }

    static TtrpcServer server(GuestLayout layout, Log log) {
        Sandbox sandbox = new Sandbox(layout, log);
        return AgentBinding.bind(
                TtrpcServer.create().onPlatformThreads().reportingLate(log::warn),
                new Agent(sandbox),
                new Health());
    }

    private static void servePorts(File[] ports, TtrpcServer server, Log log) {
        for (int i = 1; i < ports.length; i++) {
            File port = ports[i];
            Thread.ofPlatform()
                    .name(port.getName())
                    .start(() -> SerialPort.serve(port, server, log));
        }
        SerialPort.serve(ports[0], server, log);
    }

    private static File[] awaitPorts() {
        long start = System.nanoTime();
        File[] ports = SerialPort.find();
        long patience = VsockListener.isPossible() ? VSOCK_PATIENCE_NANOS : PORT_PATIENCE_NANOS;
        while (ports.length == 0 && System.nanoTime() - start < patience) {
            LockSupport.parkNanos(LOOK_NANOS);
            ports = SerialPort.find();
        }
        return ports;
    }
}
