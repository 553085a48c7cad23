/** The command {@code publish}, which generates messages for workers to consume. */
@NullMarked
package io.streamfleet.commands.publish;

import org.jspecify.annotations.NullMarked;
