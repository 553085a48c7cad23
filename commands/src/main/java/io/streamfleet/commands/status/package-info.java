/** The command {@code status}, which shows the lag and the trend of each group. */
@NullMarked
package io.streamfleet.commands.status;

import org.jspecify.annotations.NullMarked;
