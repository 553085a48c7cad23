/** The command {@code report}, which collects information for a bug report. */
@NullMarked
package io.streamfleet.commands.report;

import org.jspecify.annotations.NullMarked;
