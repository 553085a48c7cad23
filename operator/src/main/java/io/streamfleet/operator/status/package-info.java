/** Computes the status: pure functions of what was observed. */
@NullMarked
package io.streamfleet.operator.status;

import org.jspecify.annotations.NullMarked;
