/** A worker as a process: its manifest, its command line, its end. */
@NullMarked
package io.streamfleet.worker.run;

import org.jspecify.annotations.NullMarked;
