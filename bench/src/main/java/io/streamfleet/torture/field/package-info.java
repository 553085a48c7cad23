/** Where it takes place: Redis, the workers, their handler, and who publishes. */
@NullMarked
package io.streamfleet.torture.field;

import org.jspecify.annotations.NullMarked;
