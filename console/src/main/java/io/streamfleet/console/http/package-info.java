/** The page and its API over HTTP. */
@NullMarked
package io.streamfleet.console.http;

import org.jspecify.annotations.NullMarked;
