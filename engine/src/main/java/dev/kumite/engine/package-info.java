/** Life cycle of sandboxes and containers; the embeddable API. */
@NullMarked
package dev.kumite.engine;

import org.jspecify.annotations.NullMarked;
