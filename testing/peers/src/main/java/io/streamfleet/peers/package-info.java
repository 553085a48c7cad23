/**
 * Whom the bench races the worker against: the ways in which Java programs read a group of a Redis
 * Stream without Streamfleet, each set up as its documentation says and a fair expert would. A peer
 * is a process of its own; {@link io.streamfleet.peers.Peers} starts it.
 */
@NullMarked
package io.streamfleet.peers;

import org.jspecify.annotations.NullMarked;
