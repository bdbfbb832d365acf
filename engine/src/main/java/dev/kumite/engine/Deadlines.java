package dev.kumite.engine;

import java.time.Duration;

/**
 * How long each kind of waiting may take. {@link #DEFAULT} suits machines without hardware
 * virtualization too, where a guest is some twenty times slower than its host.
 *
 * @param virtiofsd from the start of virtiofsd until its socket is there
 * @param qmp from the start of QEMU until its control socket answers; also for each command
 * @param agent from then on until the guest's agent answers. A {@code dial_timeout} in the
 *     configuration's agent section comes first
 * @param call for each call to the agent that is not made to wait, such as making a container
 * @param hook for a hook of the OCI specification that has no timeout of its own
 * @param destroy for the agent to end its containers at the sandbox's close
 * @param quit for QEMU and virtiofsd to end when they are asked to, at the sandbox's close
 * @param kill for a process to be gone after SIGKILL
 */
public record Deadlines(
        Duration virtiofsd,
        Duration qmp,
        Duration agent,
        Duration call,
        Duration hook,
        Duration destroy,
        Duration quit,
        Duration kill) {

    /** 10 s, 30 s, 90 s, 60 s, 30 s, 2 s, 2 s and 10 s. */
    public static final Deadlines DEFAULT =
            new Deadlines(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(90),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(10));

    public Deadlines {
        requirePositive("virtiofsd", virtiofsd);
        requirePositive("qmp", qmp);
        requirePositive("agent", agent);
        requirePositive("call", call);
        requirePositive("hook", hook);
        requirePositive("destroy", destroy);
        requirePositive("quit", quit);
        requirePositive("kill", kill);
    }

    /** {@return these deadlines with another one for the boot of the guest} */
    public Deadlines withAgent(Duration other) {
        return new Deadlines(virtiofsd, qmp, other, call, hook, destroy, quit, kill);
    }

    /** {@return these deadlines with another one for calls to the agent} */
    public Deadlines withCall(Duration other) {
        return new Deadlines(virtiofsd, qmp, agent, other, hook, destroy, quit, kill);
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(
                    "the deadline " + name + " is " + value + ", but must be above 0");
        }
    }
}
