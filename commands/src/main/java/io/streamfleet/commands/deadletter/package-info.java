/** Operations on dead letters: find, replay and delete them. */
@NullMarked
package io.streamfleet.commands.deadletter;

import org.jspecify.annotations.NullMarked;
