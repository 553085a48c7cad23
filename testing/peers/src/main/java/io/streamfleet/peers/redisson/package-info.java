/** Redis Streams with Redisson's objects. */
@NullMarked
package io.streamfleet.peers.redisson;

import org.jspecify.annotations.NullMarked;
