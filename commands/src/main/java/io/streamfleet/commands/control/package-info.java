/** Commands that change what workers do. */
@NullMarked
package io.streamfleet.commands.control;

import org.jspecify.annotations.NullMarked;
