package dev.kumite.shim;

/**
 * Where a process's streams go, as containerd names them: paths of named pipes, or URIs; empty for
 * nowhere.
 *
 * @param terminal whether the process has one; then there is no {@code stderr}
 */
record Stdio(String stdin, String stdout, String stderr, boolean terminal) {}
