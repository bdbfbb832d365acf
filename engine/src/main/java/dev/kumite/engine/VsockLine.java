package dev.kumite.engine;

import dev.kumite.agentprotocol.AgentClient;
import dev.kumite.agentprotocol.messages.CheckRequest;
import dev.kumite.linux.Errno;
import dev.kumite.linux.HybridVsock;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixSocket;
import dev.kumite.linux.VsockAddress;
import dev.kumite.linux.VsockSocket;
import dev.kumite.ttrpc.TtrpcClient;
import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.vmm.AgentTransport;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The way to the agent of a guest of Kata Containers: a stream that begins anew with each
 * connection. While the guest boots, nobody listens; so this tries again until the time is over.
 */
final class VsockLine {

    /** For one attempt; the kernel gives up by itself after 2 s. */
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(20);

    /** Makes one attempt. */
    private interface Attempt {
        /** {@return a connection; nobody may listen at its other end} */
        TtrpcClient connect();
    }

    private final String place;
    private final String remedy;
    private final Attempt attempt;

    private VsockLine(String place, String remedy, Attempt attempt) {
        this.place = place;
        this.remedy = remedy;
        this.attempt = attempt;
    }

    /** {@return the way by the host's kernel} */
    static VsockLine to(VsockAddress address) {
        return new VsockLine(
                address.toString(),
                "modprobe vhost_vsock",
                () -> {
                    VsockSocket socket = VsockSocket.connect(address, ATTEMPT);
                    return TtrpcClient.open(
                            socket.inputStream(), socket.outputStream(), socket::close);
                });
    }

    /**
     * {@return the way by hybrid vsock}
     *
     * @param device the socket of the machine's device
     */
    static VsockLine through(Path device) {
        return new VsockLine(
                "hvsock://" + device + ":" + AgentTransport.VSOCK_PORT,
                "",
                () -> {
                    UnixSocket socket =
                            HybridVsock.connect(device, AgentTransport.VSOCK_PORT, ATTEMPT);
                    return TtrpcClient.open(
                            socket.inputStream(), socket.outputStream(), socket::close);
                });
    }

    /**
     * {@return a connection to an agent that answers}
     *
     * @throws EngineException TIMEOUT if there is no answer in time, CLOSED if the machine is gone,
     *     HOST if this host has no vsock
     */
    TtrpcClient open(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                return answering(attempt.connect());
            } catch (LinuxException e) {
                if (!isEarly(e)) {
                    throw refused(e);
                }
                giveUpAfter(deadline, e);
            } catch (TtrpcException e) {
                if (e.category() != TtrpcException.Category.PEER_CLOSED
                        && e.category() != TtrpcException.Category.TIMEOUT) {
                    throw GuestAgent.failure(GuestAgent.CONNECTING, e);
                }
                giveUpAfter(deadline, e);
            }
        }
    }

    private static TtrpcClient answering(TtrpcClient client) {
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

    private EngineException refused(LinuxException e) {
        boolean gone =
                e.errno() == Errno.ENODEV
                        || e.errno() == Errno.ENETUNREACH
                        || e.errno() == Errno.ENOENT;
        return EngineException.builder(
                        gone ? EngineException.Category.CLOSED : EngineException.Category.HOST,
                        "cannot connect to the guest at " + place + ": " + e.getMessage())
                .remedy(gone ? "" : remedy)
                .cause(e)
                .build();
    }

    private void giveUpAfter(long deadline, RuntimeException e) {
        if (System.nanoTime() - deadline > 0) {
            throw EngineException.builder(
                            EngineException.Category.TIMEOUT,
                            "nobody answers at " + place + " in the guest")
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
