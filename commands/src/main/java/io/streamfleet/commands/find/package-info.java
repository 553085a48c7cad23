/** The commands {@code find} and {@code show}, which find and print messages. */
@NullMarked
package io.streamfleet.commands.find;

import org.jspecify.annotations.NullMarked;
