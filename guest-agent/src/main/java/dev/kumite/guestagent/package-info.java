/**
 * Kata's agent service, in the virtual machine: mounts what the host shares, runs containers with
 * {@code crun}, and moves their streams.
 *
 * <p>{@link dev.kumite.guestagent.Main} finds the way to the host and serves {@link
 * dev.kumite.guestagent.Agent}, which keeps the {@link dev.kumite.guestagent.Sandbox}: its storages
 * and its {@link dev.kumite.guestagent.Container}s with their {@link
 * dev.kumite.guestagent.ContainerProcess}es.
 *
 * <p>What this package does not do: create namespaces, set limits or confine programs. That is
 * {@code crun}'s work, described to it by a {@code config.json} that {@link
 * dev.kumite.guestagent.SpecJson} writes.
 *
 * <p>Threads: every call of the host has a thread of its own; each class says how it is guarded.
 * What runs between the start of the machine and the start of the first container makes no system
 * call through {@code dev.kumite.linux}: the first one costs more than all the rest of the way, 30
 * ms on hardware and most of a second under emulation.
 *
 * <p>Source: Kata Containers 4.1, agent; runtime-spec 1.2; crun(1) 1.8.1.
 */
@NullMarked
package dev.kumite.guestagent;

import org.jspecify.annotations.NullMarked;
