/**
 * Consumer groups, for workers and operator: create and observe them, remove consumers, notify
 * consumers.
 */
@NullMarked
package io.streamfleet.redis.group;

import org.jspecify.annotations.NullMarked;
