/** Generates the CRD from the model; on the tests' side, so that the model's users don't pay. */
@NullMarked
package io.streamfleet.api.generation;

import org.jspecify.annotations.NullMarked;
