/** The eleven steps put together: one pipeline, two settings. */
@NullMarked
package io.streamfleet.worker.pipeline;

import org.jspecify.annotations.NullMarked;
