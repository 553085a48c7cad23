/** How many messages may begin in what time, in all workers together. */
@NullMarked
package io.streamfleet.worker.limit;

import org.jspecify.annotations.NullMarked;
