/** For the tests of whoever writes a handler: runs it as a worker does, with nothing around. */
@NullMarked
package io.streamfleet.testkit;

import org.jspecify.annotations.NullMarked;
