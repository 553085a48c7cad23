/** The faults of the fleet and the errands of its handler, all derived from a seed. */
@NullMarked
package io.streamfleet.torture.plan;

import org.jspecify.annotations.NullMarked;
