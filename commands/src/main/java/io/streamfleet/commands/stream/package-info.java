/** Reads streams, groups and pending entries for the commands, in pages of bounded cost. */
@NullMarked
package io.streamfleet.commands.stream;

import org.jspecify.annotations.NullMarked;
