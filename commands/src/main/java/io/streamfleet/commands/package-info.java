/** The commands of the worker's jar: {@code run}, and the tools for operating a fleet. */
@NullMarked
package io.streamfleet.commands;

import org.jspecify.annotations.NullMarked;
