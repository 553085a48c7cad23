/** The worker's process: its command line, its manifest, its exit. */
@NullMarked
package io.streamfleet.worker.run;

import org.jspecify.annotations.NullMarked;
