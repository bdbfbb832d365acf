/**
 * From an OCI specification, a Kata Containers {@code configuration.toml} and annotations to a
 * {@code SandboxConfig}: the description of the virtual machine and of what runs in it, and the
 * origin of every value in it.
 *
 * <p>Main types: {@link dev.kumite.config.ConfigurationLoader} reads configuration files into a
 * {@link dev.kumite.config.RuntimeConfig}; {@link dev.kumite.config.SandboxPlanner} makes the plan;
 * {@link dev.kumite.config.Settings} holds values together with their {@link
 * dev.kumite.config.Origin}; {@link dev.kumite.config.AnnotationTable} and {@link
 * dev.kumite.config.ConfigurationTable} are the two tables that everything else about annotations
 * and configuration keys is made from.
 *
 * <p>Planning is pure: what it must know of the machine comes through {@link
 * dev.kumite.config.Host}. No process is started, nothing is written, and no input is changed. All
 * types are immutable and safe for use by several threads unless they say otherwise; the loaders
 * and planners keep no state between calls.
 *
 * <p>Source: Kata Containers, Go runtime, mid-2022 (commit f9e96c650641), {@code pkg/oci} and
 * {@code pkg/katautils}. Differences are listed in {@code docs/deviations.md}.
 */
@NullMarked
package dev.kumite.config;

import org.jspecify.annotations.NullMarked;
