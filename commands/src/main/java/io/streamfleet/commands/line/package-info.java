/** What all commands share: common options, the connection to Redis, output and error reports. */
@NullMarked
package io.streamfleet.commands.line;

import org.jspecify.annotations.NullMarked;
