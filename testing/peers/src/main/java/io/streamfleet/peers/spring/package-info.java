/** Redis Streams with Spring's listener container. */
@NullMarked
package io.streamfleet.peers.spring;

import org.jspecify.annotations.NullMarked;
