/** The commands {@code find} and {@code show}: where messages are. */
@NullMarked
package io.streamfleet.commands.find;

import org.jspecify.annotations.NullMarked;
