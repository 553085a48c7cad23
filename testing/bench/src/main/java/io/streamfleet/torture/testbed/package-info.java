/** The environment: Redis, the workers, their handler, and the producer. */
@NullMarked
package io.streamfleet.torture.testbed;

import org.jspecify.annotations.NullMarked;
