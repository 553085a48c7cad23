/** Step 1: entries come in, by credit, from streams and from the own pending entries list. */
@NullMarked
package io.streamfleet.worker.read;

import org.jspecify.annotations.NullMarked;
