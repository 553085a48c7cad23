/** Finds what passes the schema of a StreamConsumerGroup but can't work. */
@NullMarked
package io.streamfleet.operator.check;

import org.jspecify.annotations.NullMarked;
