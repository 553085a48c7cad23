/** Real servers, started as child processes on the loopback interface. */
@NullMarked
package io.streamfleet.embedded;

import org.jspecify.annotations.NullMarked;
