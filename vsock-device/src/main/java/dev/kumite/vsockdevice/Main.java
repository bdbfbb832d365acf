package dev.kumite.vsockdevice;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixServer;
import dev.kumite.linux.UnixSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the device's process begins. Its options are those of the vhost-device-vsock of the
 * rust-vmm project. It ends when QEMU closes the connection.
 */
public final class Main {

    /** The guest's address. */
    public static final String GUEST_CID = "--guest-cid=";

    /** Where QEMU connects to. */
    public static final String SOCKET = "--socket=";

    /** Where clients connect to. */
    public static final String UDS_PATH = "--uds-path=";

    private static final int OWNER_ONLY = 0600;

    /** After which a machine that does not come is not awaited any more. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private Main() {}

    /**
     * Serves one machine, and ends the process.
     *
     * @param arguments all three options
     */
    public static void main(String[] arguments) {
        Runtime.getRuntime().halt(run(arguments));
    }

    /** {@return the exit status} */
    static int run(String[] arguments) {
        Optional<String> cid = option(arguments, GUEST_CID);
        Optional<String> socket = option(arguments, SOCKET);
        Optional<String> udsPath = option(arguments, UDS_PATH);
        if (cid.isEmpty() || socket.isEmpty() || udsPath.isEmpty() || arguments.length != 3) {
            return failed(
                    "usage: " + GUEST_CID + "N " + SOCKET + "PATH " + UDS_PATH + "PATH",
                    WRONG_USAGE);
        }
        try {
            serve(Long.parseLong(cid.get()), Path.of(socket.get()), Path.of(udsPath.get()));
            return 0;
        } catch (NumberFormatException e) {
            return failed(GUEST_CID + cid.get() + " is no number", WRONG_USAGE);
        } catch (LinuxException | DeviceException e) {
            return failed(String.valueOf(e.getMessage()), FAILED);
        }
    }

    private static void serve(long cid, Path socket, Path udsPath) {
        Threads threads =
                new Threads(fault -> {
                    Runtime.getRuntime().halt(failed(String.valueOf(fault), FAILED));
                });
        try (VsockDevice device = new VsockDevice(cid, threads, VsockDevice.Limits.USUAL);
                UnixServer clients = UnixServer.listen(udsPath, OWNER_ONLY);
                UnixServer machine = UnixServer.listen(socket, OWNER_ONLY);
                UnixSocket qemu =
                        machine.accept(PATIENCE)
                                .orElseThrow(() -> new DeviceException("no machine came"))) {
            Thread _ = threads.start("host", () -> new HostSide(clients, device).serve());
            new VhostUser(qemu, device).serve();
        }
    }

    private static Optional<String> option(String[] arguments, String name) {
        for (String argument : arguments) {
            if (argument.startsWith(name)) {
                return Optional.of(argument.substring(name.length()));
            }
        }
        return Optional.empty();
    }

    private static int failed(String message, int code) {
        System.err.println("vsock device: " + message);
        return code;
    }
}
