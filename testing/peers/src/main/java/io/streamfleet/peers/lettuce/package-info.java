/** Redis Streams by nothing but a client library. */
@NullMarked
package io.streamfleet.peers.lettuce;

import org.jspecify.annotations.NullMarked;
