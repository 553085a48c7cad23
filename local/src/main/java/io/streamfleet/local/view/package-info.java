/** Observes and displays the present state of a fleet. */
@NullMarked
package io.streamfleet.local.view;

import org.jspecify.annotations.NullMarked;
