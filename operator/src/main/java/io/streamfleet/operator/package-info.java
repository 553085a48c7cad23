/** The operator: observes, decides, applies and reports, in that order. */
@NullMarked
package io.streamfleet.operator;

import org.jspecify.annotations.NullMarked;
