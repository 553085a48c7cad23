/** The command {@code why}, which shows where an entry is and what it waits for. */
@NullMarked
package io.streamfleet.commands.why;

import org.jspecify.annotations.NullMarked;
