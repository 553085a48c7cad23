/** The worker: entries come in from Redis, pass the rooms of this package, and are settled. */
@NullMarked
package io.streamfleet.worker;

import org.jspecify.annotations.NullMarked;
