/** The command {@code report}: what goes with a bug report. */
@NullMarked
package io.streamfleet.commands.report;

import org.jspecify.annotations.NullMarked;
