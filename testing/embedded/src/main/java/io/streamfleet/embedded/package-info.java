/** Real servers as child processes on loopback. */
@NullMarked
package io.streamfleet.embedded;

import org.jspecify.annotations.NullMarked;
