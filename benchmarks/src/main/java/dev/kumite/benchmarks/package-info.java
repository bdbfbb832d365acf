/** Measurements with JMH. Compiled with every build so that they cannot rot; run by hand. */
@NullMarked
package dev.kumite.benchmarks;

import org.jspecify.annotations.NullMarked;
