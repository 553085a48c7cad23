/** The command {@code top}, which lists the channels and consumers with most entries. */
@NullMarked
package io.streamfleet.commands.top;

import org.jspecify.annotations.NullMarked;
