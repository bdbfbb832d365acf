/**
 * The OCI runtime specification as immutable values: {@code config.json}, {@code state.json}, and
 * how they are read.
 *
 * <p>Main types: {@link dev.kumite.oci.Spec} and the records it is made of, {@link
 * dev.kumite.oci.SpecReader}, {@link dev.kumite.oci.SpecWriter}, {@link dev.kumite.oci.State}.
 * {@link dev.kumite.oci.Problem} and {@link dev.kumite.oci.Outcome} are how this and every later
 * module speaks about bad input.
 *
 * <p>This package does no input or output, reads no clock, environment or system property, and
 * decides nothing about virtual machines. All types are immutable and safe for use by several
 * threads.
 *
 * <p>Source: OCI runtime specification 1.2, Linux.
 */
@NullMarked
package dev.kumite.oci;

import org.jspecify.annotations.NullMarked;
