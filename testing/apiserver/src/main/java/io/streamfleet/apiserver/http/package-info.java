/** HTTP and websockets in front of it all. */
@NullMarked
package io.streamfleet.apiserver.http;

import org.jspecify.annotations.NullMarked;
