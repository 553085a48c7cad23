/** The console: a web page that shows fleets and, where allowed, changes them. */
@NullMarked
package io.streamfleet.console;

import org.jspecify.annotations.NullMarked;
