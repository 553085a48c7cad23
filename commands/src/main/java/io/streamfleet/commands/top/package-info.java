/** The command {@code top}: which channels and consumers have most. */
@NullMarked
package io.streamfleet.commands.top;

import org.jspecify.annotations.NullMarked;
