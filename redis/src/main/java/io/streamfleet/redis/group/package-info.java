/** What workers and the operator both do with consumer groups: create, look, leave, tell. */
@NullMarked
package io.streamfleet.redis.group;

import org.jspecify.annotations.NullMarked;
