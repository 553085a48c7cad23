/** HTTP and websockets. */
@NullMarked
package io.streamfleet.apiserver.http;

import org.jspecify.annotations.NullMarked;
