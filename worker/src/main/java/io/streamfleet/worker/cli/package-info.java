/** The commands of the worker's jar. */
@NullMarked
package io.streamfleet.worker.cli;

import org.jspecify.annotations.NullMarked;
