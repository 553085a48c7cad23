/**
 * The bench: how fast a worker is beside its peers and the ceiling of its client library, how soon,
 * in how little memory, how soon after a death, and what that costs as a fleet grows. {@link
 * io.streamfleet.bench.Bench} is where it starts, {@link io.streamfleet.bench.Contender} who is
 * measured; each part is a class that comes to {@link io.streamfleet.bench.Findings}.
 */
@NullMarked
package io.streamfleet.bench;

import org.jspecify.annotations.NullMarked;
