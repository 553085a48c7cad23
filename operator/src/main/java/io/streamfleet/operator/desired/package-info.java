/**
 * What the objects of a fleet should be: pure functions, a class for each object. They know no
 * client, no clock and nothing of reconciling.
 *
 * <p>The objects are canonical, so that what the server stores equals what was sent: defaults that
 * the server fills into structs which it merges as a whole are written out, nothing is empty or
 * {@code null}, and every order is fixed.
 */
@NullMarked
package io.streamfleet.operator.desired;

import org.jspecify.annotations.NullMarked;
