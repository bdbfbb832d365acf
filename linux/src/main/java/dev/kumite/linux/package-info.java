/** The system calls that Java has no API for. */
@NullMarked
package dev.kumite.linux;

import org.jspecify.annotations.NullMarked;
