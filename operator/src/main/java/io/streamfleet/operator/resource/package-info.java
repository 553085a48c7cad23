/** A StreamConsumerGroup as the operator uses it: what it declares, names and refers to. */
@NullMarked
package io.streamfleet.operator.resource;

import org.jspecify.annotations.NullMarked;
