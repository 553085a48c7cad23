/**
 * Computes the desired objects of a fleet: pure functions, a class for each object, without client,
 * clock or framework.
 *
 * <p>The objects are canonical, so that what the server stores equals what was sent: defaults that
 * the server fills into atomic structs are written out, nothing is empty or {@code null}, and every
 * order is fixed.
 */
@NullMarked
package io.streamfleet.operator.desired;

import org.jspecify.annotations.NullMarked;
