/** The folder {@code .streamfleet}, by which commands find the running fleet. */
@NullMarked
package io.streamfleet.local.state;

import org.jspecify.annotations.NullMarked;
