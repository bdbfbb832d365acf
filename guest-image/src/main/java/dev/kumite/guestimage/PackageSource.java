package dev.kumite.guestimage;

import java.util.Optional;

/** Where packages come from: apt, or a directory in tests. */
interface PackageSource {

    /** {@return Debian's name of the architecture, for example {@code amd64}} */
    String architecture();

    /**
     * {@return the package of that name in the newest version, unpacked; nothing if there is no
     * such package}
     *
     * @throws GuestImageException if it exists but cannot be had
     */
    Optional<DebianPackage> find(String name);

    /**
     * {@return the package of that name}
     *
     * @throws GuestImageException if there is none, or it cannot be had
     */
    default DebianPackage get(String name) {
        return find(name)
                .orElseThrow(() ->
                        GuestImageException.packages(
                                "the package lists of this machine have no package "
                                        + name
                                        + "; check /etc/apt/sources.list and run \"apt-get update\" as root"));
    }
}
