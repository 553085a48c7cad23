/** Notices over Redis Pub/Sub: cancels from users; hand-overs and sweeps among consumers. */
@NullMarked
package io.streamfleet.worker.control;

import org.jspecify.annotations.NullMarked;
