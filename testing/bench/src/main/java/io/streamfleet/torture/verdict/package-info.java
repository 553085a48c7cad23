/** Checks the evidence against the guarantees. */
@NullMarked
package io.streamfleet.torture.verdict;

import org.jspecify.annotations.NullMarked;
