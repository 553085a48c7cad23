/** The command {@code run}, which runs a worker. */
@NullMarked
package io.streamfleet.commands.run;

import org.jspecify.annotations.NullMarked;
