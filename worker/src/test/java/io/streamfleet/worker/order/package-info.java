/** What the order of entries and the locks of channels promise, seen from outside. */
@NullMarked
package io.streamfleet.worker.order;

import org.jspecify.annotations.NullMarked;
