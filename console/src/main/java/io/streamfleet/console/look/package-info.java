/** Answers about channels, entries and dead letters, shared by all who ask the same. */
@NullMarked
package io.streamfleet.console.look;

import org.jspecify.annotations.NullMarked;
