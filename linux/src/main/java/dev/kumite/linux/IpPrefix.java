package dev.kumite.linux;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IP address and how many of its first bits name the network.
 *
 * @param address IPv4 or IPv6
 * @param length from 0 to 32 or 128
 */
public record IpPrefix(InetAddress address, int length) {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    public IpPrefix {
        if (length < 0 || length > Byte.SIZE * address.getAddress().length) {
            throw new LinuxException(
                    "use " + address.getHostAddress() + "/" + length + " as a network",
                    Syscall.EINVAL);
        }
    }

    /** {@return the address alone, with all its bits} */
    public static IpPrefix of(InetAddress address) {
        return new IpPrefix(address, Byte.SIZE * address.getAddress().length);
    }

    /**
     * {@return the network written as {@code 10.0.0.1/24}, {@code fe80::1/64}, or an address alone}
     * Names are not looked up.
     *
     * @throws LinuxException with {@link Errno#EINVAL} if the text is something else
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress address =
                    InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            return slash < 0
                    ? of(address)
                    : new IpPrefix(address, Integer.parseInt(text.substring(slash + 1)));
        } catch (IllegalArgumentException notAnAddress) {
            throw new LinuxException(
                    "read \"" + text + "\" as a network like 10.0.0.1/24", Syscall.EINVAL);
        }
    }

    /** {@return everything: {@code 0.0.0.0/0} or {@code ::/0}, of the same family} */
    static IpPrefix everything(int family) {
        return new IpPrefix(address(new byte[family == AF_INET ? 4 : 16]), 0);
    }

    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException wrongLength) {
            throw new LinuxException(
                    "understand an IP address of " + bytes.length + " bytes",
                    Errno.EBADMSG.number());
        }
    }

    static int family(InetAddress address) {
        return address instanceof Inet4Address ? AF_INET : AF_INET6;
    }

    int family() {
        return family(address);
    }

    /** {@return for example {@code 10.0.0.1/24}} */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }
}
