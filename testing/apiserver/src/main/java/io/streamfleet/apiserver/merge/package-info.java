/** Computes the next state of an object: patches and field ownership. */
@NullMarked
package io.streamfleet.apiserver.merge;

import org.jspecify.annotations.NullMarked;
