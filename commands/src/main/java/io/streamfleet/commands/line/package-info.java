/** What every command has in common: its manifest, its connection, how it speaks and fails. */
@NullMarked
package io.streamfleet.commands.line;

import org.jspecify.annotations.NullMarked;
