/** One poll of each fleet for all open pages. */
@NullMarked
package io.streamfleet.console.observe;

import org.jspecify.annotations.NullMarked;
