/** Health and metrics endpoints of a process. */
@NullMarked
package io.streamfleet.process.health;

import org.jspecify.annotations.NullMarked;
