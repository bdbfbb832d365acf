/**
 * The golden vectors, recorded from Kata's Go runtime (commit f9e96c650641), and how an answer is
 * compared with them. For tests and benchmarks; nothing that users run depends on it. Documents are
 * trees of maps and lists in which JSON's {@code null} is Java's, so the package is not
 * null-marked.
 */
package dev.kumite.vectors;
