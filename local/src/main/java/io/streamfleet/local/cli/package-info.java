/** The commands of {@code ./streamfleet}. */
@NullMarked
package io.streamfleet.local.cli;

import org.jspecify.annotations.NullMarked;
