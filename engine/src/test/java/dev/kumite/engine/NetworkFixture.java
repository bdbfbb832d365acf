package dev.kumite.engine;

import dev.kumite.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A network namespace with {@code eth0}, as a network plugin prepares it, and the namespace of the
 * other end of the cable, {@code far}. Made and looked at by {@code ip} and {@code tc}.
 */
final class NetworkFixture implements AutoCloseable {

    static final String FAR_V4 = "10.77.0.1";
    static final String NEAR_V4 = "10.77.0.2";
    static final String FAR_V6 = "fd77::1";
    static final int MTU = 1400;

    /**
     * What the kernel sets a while after a change, up to a second later: whether there is a
     * carrier.
     */
    private static final Pattern CARRIER =
            Pattern.compile("NO-CARRIER,|,LOWER_UP| state [A-Z]+| linkdown");

    private final Path directory;
    private final List<Process> programs = new ArrayList<>();

    private NetworkFixture(Path directory) {
        this.directory = directory;
    }

    static NetworkFixture make() throws Exception {
        NetworkFixture fixture =
                new NetworkFixture(Files.createTempDirectory(Path.of("/run"), "kumite-net-"));
        NetworkNamespace.create(fixture.near());
        NetworkNamespace.create(fixture.far());
        NetworkNamespace.run(
                fixture.near(),
                () -> {
                    sh("ip link add eth0 address 02:77:00:00:00:02 type veth peer name far0");
                    sh("ip link set lo up");
                    return "";
                });
        fixture.inNear("ip link set far0 netns " + fixture.far());
        fixture.inFar("ip link set lo up; ip link set far0 mtu " + MTU + " up");
        fixture.inFar("ip addr add " + FAR_V4 + "/24 dev far0");
        fixture.inFar("ip addr add " + FAR_V6 + "/64 dev far0 nodad");
        fixture.inFar("ip addr add 192.0.2.1/32 dev far0");
        // Addresses that are being tried out would change while a test looks on.
        fixture.inNear("echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad");
        fixture.inNear("echo 1 >/proc/sys/net/ipv6/conf/default/addr_gen_mode");
        fixture.inNear("ip link set eth0 mtu " + MTU + " up");
        fixture.inNear("ip addr add " + NEAR_V4 + "/24 brd + dev eth0");
        fixture.inNear("ip addr add fd77::2/64 dev eth0 nodad");
        fixture.inNear("ip route add default via " + FAR_V4);
        fixture.inNear("ip route add 198.51.100.0/24 via " + FAR_V4 + " src " + NEAR_V4);
        fixture.inNear("ip -6 route add default via " + FAR_V6);
        fixture.inNear("ip neigh add 10.77.0.9 lladdr 02:77:00:00:00:09 dev eth0");
        // The address that the kernel itself gives once it has noticed the carrier.
        String none =
                fixture.inNear(
                        "i=0; until ip -6 addr show dev eth0 scope link | grep -q fe80; do"
                                + " [ $i -lt 300 ] || { echo no carrier; break; };"
                                + " sleep 0.1; i=$((i + 1)); done");
        if (!none.isEmpty()) {
            throw new AssertionError(none);
        }
        return fixture;
    }

    /** {@return the namespace for the container} */
    Path near() {
        return directory.resolve("near");
    }

    Path far() {
        return directory.resolve("far");
    }

    String inNear(String script) throws Exception {
        return NetworkNamespace.run(near(), () -> sh(script));
    }

    String inFar(String script) throws Exception {
        return NetworkNamespace.run(far(), () -> sh(script));
    }

    /** Runs a program in the far namespace until the end. */
    void serve(String... command) throws Exception {
        programs.add(
                NetworkNamespace.run(
                        far(),
                        () ->
                                new ProcessBuilder(command)
                                        .redirectErrorStream(true)
                                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                        .start()));
    }

    /** {@return all that can be seen of the namespace and does not change by itself} */
    String look() throws Exception {
        String all =
                inNear(
                        // Neighbours that were asked for, and lifetimes, come and go.
                        "ip -d link; ip addr; ip route show table all; ip -6 route show table all;"
                                + " ip neigh show nud permanent; tc qdisc;"
                                + " tc filter show dev eth0 ingress;"
                                + " cat /proc/sys/net/ipv4/ip_forward");
        return CARRIER.matcher(all).replaceAll("");
    }

    static String sh(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        String output;
        try (var stream = process.getInputStream()) {
            output = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("\"" + script + "\" does not end");
        }
        return output;
    }

    @Override
    public void close() throws IOException {
        programs.forEach(Process::destroyForcibly);
        NetworkNamespace.delete(near());
        NetworkNamespace.delete(far());
        Files.delete(directory);
    }
}
