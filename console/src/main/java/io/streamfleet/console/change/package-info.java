/** Changes that users ask for, each with a trace of who asked. */
@NullMarked
package io.streamfleet.console.change;

import org.jspecify.annotations.NullMarked;
