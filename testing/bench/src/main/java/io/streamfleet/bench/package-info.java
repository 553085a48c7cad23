/**
 * The bench: measures throughput, latency, memory, recovery after a death, scaling and start-up of
 * a worker, compared with its peers and with the ceiling of its client library. {@link
 * io.streamfleet.bench.Bench} is the entry point, {@link io.streamfleet.bench.Contender} a program
 * under measurement; each part is a class that returns {@link io.streamfleet.bench.Findings}.
 */
@NullMarked
package io.streamfleet.bench;

import org.jspecify.annotations.NullMarked;
