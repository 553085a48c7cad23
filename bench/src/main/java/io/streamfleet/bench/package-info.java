/**
 * The bench: how fast a worker is beside the ceiling of its client library, how soon, and in how
 * little memory. {@link io.streamfleet.bench.Bench} is where it starts.
 */
@NullMarked
package io.streamfleet.bench;

import org.jspecify.annotations.NullMarked;
