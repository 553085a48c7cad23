/** The command {@code check}: what is wrong around a fleet, and what mends it. */
@NullMarked
package io.streamfleet.commands.check;

import org.jspecify.annotations.NullMarked;
