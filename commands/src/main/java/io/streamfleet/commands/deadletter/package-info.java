/** What a person does with dead letters: look for them, send them back, throw them away. */
@NullMarked
package io.streamfleet.commands.deadletter;

import org.jspecify.annotations.NullMarked;
