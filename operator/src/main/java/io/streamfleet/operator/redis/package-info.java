/** The way from the operator to the Redis servers of its resources. Nothing here throws. */
@NullMarked
package io.streamfleet.operator.redis;

import org.jspecify.annotations.NullMarked;
