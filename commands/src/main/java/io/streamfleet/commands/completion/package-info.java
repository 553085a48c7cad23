/** The command {@code completion}. */
@NullMarked
package io.streamfleet.commands.completion;

import org.jspecify.annotations.NullMarked;
