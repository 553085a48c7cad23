/**
 * The protocol of partitions as a state machine, and a checker that tries all its interleavings.
 */
@NullMarked
package io.streamfleet.model;

import org.jspecify.annotations.NullMarked;
