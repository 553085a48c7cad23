/**
 * The log: one event is one line on standard error, in logfmt or JSON. Standard output is for the
 * results of commands.
 */
@NullMarked
package io.streamfleet.process.log;

import org.jspecify.annotations.NullMarked;
