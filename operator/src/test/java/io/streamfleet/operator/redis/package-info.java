@NullMarked
package io.streamfleet.operator.redis;

import org.jspecify.annotations.NullMarked;
