/** What is done to the fleet and asked of its handler, all of it out of a seed. */
@NullMarked
package io.streamfleet.torture.plan;

import org.jspecify.annotations.NullMarked;
