package dev.kumite.engine;

import dev.kumite.agentprotocol.AgentClient;
import dev.kumite.agentprotocol.messages.CheckRequest;
import dev.kumite.linux.Errno;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.VsockAddress;
import dev.kumite.linux.VsockSocket;
import dev.kumite.ttrpc.TtrpcClient;
import dev.kumite.ttrpc.TtrpcException;
import java.time.Duration;

/**
 * The way to the agent of a guest of Kata Containers: a stream that begins anew with each
 * connection. While the guest boots, nobody listens; so this tries again until the time is over.
 */
final class VsockLine {

    /** For one attempt; the kernel gives up by itself after 2 s. */
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private VsockLine() {}

    /**
     * {@return a connection to an agent that answers}
     *
     * @throws EngineException TIMEOUT if there is no answer in time, CLOSED if the machine is gone,
     *     HOST if this host has no vsock
     */
    static TtrpcClient open(VsockAddress address, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                return answering(VsockSocket.connect(address, ATTEMPT));
            } catch (LinuxException e) {
                if (!isEarly(e)) {
                    throw refused(address, e);
                }
                giveUpAfter(deadline, address, e);
            } catch (TtrpcException e) {
                if (e.category() != TtrpcException.Category.PEER_CLOSED
                        && e.category() != TtrpcException.Category.TIMEOUT) {
                    throw GuestAgent.failure(GuestAgent.CONNECTING, e);
                }
                giveUpAfter(deadline, address, e);
            }
        }
    }

    private static TtrpcClient answering(VsockSocket socket) {
        TtrpcClient client =
                TtrpcClient.open(socket.inputStream(), socket.outputStream(), socket::close);
        try {
            var _ = AgentClient.over(client).check(CheckRequest.getDefaultInstance());
            return client;
        } catch (TtrpcException e) {
            client.close();
            throw e;
        }
    }

    /** Source: vsock(7); Linux, net/vmw_vsock: what a guest without a listener makes of it. */
    private static boolean isEarly(LinuxException e) {
        return e.errno() == Errno.ECONNRESET
                || e.errno() == Errno.ECONNREFUSED
                || e.errno() == Errno.ETIMEDOUT;
    }

    private static EngineException refused(VsockAddress address, LinuxException e) {
        boolean gone = e.errno() == Errno.ENODEV || e.errno() == Errno.ENETUNREACH;
        return EngineException.builder(
                        gone ? EngineException.Category.CLOSED : EngineException.Category.HOST,
                        "cannot connect to the guest at " + address + ": " + e.getMessage())
                .remedy(gone ? "" : "modprobe vhost_vsock")
                .cause(e)
                .build();
    }

    private static void giveUpAfter(long deadline, VsockAddress address, RuntimeException e) {
        if (System.nanoTime() - deadline > 0) {
            throw EngineException.builder(
                            EngineException.Category.TIMEOUT,
                            "nobody answers at " + address + " in the guest")
                    .cause(e)
                    .build();
        }
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException _) {
            throw EngineException.interrupted(GuestAgent.CONNECTING);
        }
    }
}
