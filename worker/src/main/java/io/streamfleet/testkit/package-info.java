/** For tests of handlers: calls a handler as a worker does, without Redis. */
@NullMarked
package io.streamfleet.testkit;

import org.jspecify.annotations.NullMarked;
