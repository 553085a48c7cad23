/** Where it takes place: Redis, the workers, their handler, and who publishes. */
@NullMarked
package io.streamfleet.torture.testbed;

import org.jspecify.annotations.NullMarked;
