/**
 * The commands {@code dlq summary}, {@code list}, {@code show}, {@code replay} and {@code purge}.
 */
@NullMarked
package io.streamfleet.commands.dlq;

import org.jspecify.annotations.NullMarked;
