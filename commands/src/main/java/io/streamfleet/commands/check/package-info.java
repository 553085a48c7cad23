/** The command {@code check}: finds problems around a fleet, and says how to fix them. */
@NullMarked
package io.streamfleet.commands.check;

import org.jspecify.annotations.NullMarked;
