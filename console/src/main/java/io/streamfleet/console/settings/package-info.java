/** Environment variables that configure the console. */
@NullMarked
package io.streamfleet.console.settings;

import org.jspecify.annotations.NullMarked;
