/** Programs that embed the engine; each is compiled and run in tests. */
@NullMarked
package dev.kumite.examples;

import org.jspecify.annotations.NullMarked;
