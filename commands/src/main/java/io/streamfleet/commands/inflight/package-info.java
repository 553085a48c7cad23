/** The command {@code inflight}: what a worker is at. */
@NullMarked
package io.streamfleet.commands.inflight;

import org.jspecify.annotations.NullMarked;
