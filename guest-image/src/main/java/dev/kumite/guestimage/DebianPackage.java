package dev.kumite.guestimage;

import java.nio.file.Path;

/**
 * A Debian package that was fetched and unpacked.
 *
 * @param name as in the archive, for example {@code crun}
 * @param version as in the archive, for example {@code 1.8.1-1+deb12u1}
 * @param architecture as in the archive, for example {@code amd64}
 * @param sha256 of the package file, in hexadecimal
 * @param depends the field {@code Depends}, as it stands in the package
 * @param content the directory with the package's files
 */
record DebianPackage(
        String name,
        String version,
        String architecture,
        String sha256,
        String depends,
        Path content) {}
