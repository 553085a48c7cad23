/** Measures how much the operator takes for many resources. Not part of the tests. */
@NullMarked
package io.streamfleet.operator.size;

import org.jspecify.annotations.NullMarked;
