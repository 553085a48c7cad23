/** Makes messages as the platforms send them, so that a worker has something to consume. */
@NullMarked
package io.streamfleet.commands.publish;

import org.jspecify.annotations.NullMarked;
