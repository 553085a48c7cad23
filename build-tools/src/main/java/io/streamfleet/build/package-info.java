/** Checks of the whole tree that belong to no single module. */
@NullMarked
package io.streamfleet.build;

import org.jspecify.annotations.NullMarked;
