/** Redis Streams by Redisson's objects. */
@NullMarked
package io.streamfleet.peers.redisson;

import org.jspecify.annotations.NullMarked;
