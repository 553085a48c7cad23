@NullMarked
package io.streamfleet.redis.group;

import org.jspecify.annotations.NullMarked;
