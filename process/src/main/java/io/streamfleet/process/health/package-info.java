/** How a process of ours is asked for its health and its metrics. */
@NullMarked
package io.streamfleet.process.health;

import org.jspecify.annotations.NullMarked;
