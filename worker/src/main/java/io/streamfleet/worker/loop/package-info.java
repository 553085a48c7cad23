/** The thread that owns a pipeline: its tasks, its timers, its back-off. */
@NullMarked
package io.streamfleet.worker.loop;

import org.jspecify.annotations.NullMarked;
