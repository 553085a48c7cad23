@NullMarked
package io.streamfleet.redis;

import org.jspecify.annotations.NullMarked;
