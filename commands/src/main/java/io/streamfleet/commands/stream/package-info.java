/** Streams, groups and pending entries as commands read them: in pages of bounded cost. */
@NullMarked
package io.streamfleet.commands.stream;

import org.jspecify.annotations.NullMarked;
