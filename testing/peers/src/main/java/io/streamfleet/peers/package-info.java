/**
 * The peers that the bench compares the worker with: common ways in which Java programs read a
 * group of a Redis Stream without Streamfleet, each configured as its documentation says and a fair
 * expert would. A peer is a process of its own; {@link io.streamfleet.peers.Peers} starts it.
 */
@NullMarked
package io.streamfleet.peers;

import org.jspecify.annotations.NullMarked;
