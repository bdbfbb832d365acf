package dev.kumite.linux;

/**
 * An IP address of an interface.
 *
 * @param link index of the interface
 * @param prefix the address and its network
 */
public record Address(int link, IpPrefix prefix) {}
