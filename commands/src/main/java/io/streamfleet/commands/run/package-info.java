/** The command {@code run} with its help; the worker itself is what it runs. */
@NullMarked
package io.streamfleet.commands.run;

import org.jspecify.annotations.NullMarked;
