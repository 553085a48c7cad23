/** Answers that many callers share. */
@NullMarked
package io.streamfleet.console.shared;

import org.jspecify.annotations.NullMarked;
