/** The commands of the worker's jar: {@code run}, and what people do beside it. */
@NullMarked
package io.streamfleet.commands;

import org.jspecify.annotations.NullMarked;
