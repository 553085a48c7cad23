/** Redis Streams with a plain client library. */
@NullMarked
package io.streamfleet.peers.lettuce;

import org.jspecify.annotations.NullMarked;
