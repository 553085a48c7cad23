/** The command {@code inflight}, which lists the entries that a worker has in flight. */
@NullMarked
package io.streamfleet.commands.inflight;

import org.jspecify.annotations.NullMarked;
