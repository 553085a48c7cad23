/** The commands {@code dlq list}, {@code show}, {@code replay} and {@code purge}. */
@NullMarked
package io.streamfleet.commands.dlq;

import org.jspecify.annotations.NullMarked;
