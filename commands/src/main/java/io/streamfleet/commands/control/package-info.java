/** The commands {@code cancel} and {@code seek}, which intervene in what workers do. */
@NullMarked
package io.streamfleet.commands.control;

import org.jspecify.annotations.NullMarked;
