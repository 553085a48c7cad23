/** Authentication of clients and server. */
@NullMarked
package io.streamfleet.apiserver.access;

import org.jspecify.annotations.NullMarked;
