/**
 * The {@code kumite} command: turns arguments into calls of the other modules, and their answers
 * into text and exit codes.
 *
 * <p>It decides nothing itself; whatever it prints can be had from the modules below without a
 * process.
 */
@NullMarked
package dev.kumite.cli;

import org.jspecify.annotations.NullMarked;
