/** The thread that owns a pipeline, with tasks, timers and back-off. */
@NullMarked
package io.streamfleet.worker.loop;

import org.jspecify.annotations.NullMarked;
