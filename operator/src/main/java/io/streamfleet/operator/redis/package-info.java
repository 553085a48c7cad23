/** Observes the Redis servers of the resources, and creates and deletes groups. */
@NullMarked
package io.streamfleet.operator.redis;

import org.jspecify.annotations.NullMarked;
