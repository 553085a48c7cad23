/** The command {@code status}. */
@NullMarked
package io.streamfleet.commands.status;

import org.jspecify.annotations.NullMarked;
