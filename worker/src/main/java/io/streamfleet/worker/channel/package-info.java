/** A lane for each channel, the channel's lock in Redis, and hand-overs to the lock's holder. */
@NullMarked
package io.streamfleet.worker.channel;

import org.jspecify.annotations.NullMarked;
