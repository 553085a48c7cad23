/** What the evidence proves. */
@NullMarked
package io.streamfleet.torture.verdict;

import org.jspecify.annotations.NullMarked;
