/** What a worker answers at its port: which entries it has in flight, and its metrics. */
@NullMarked
package io.streamfleet.commands.port;

import org.jspecify.annotations.NullMarked;
