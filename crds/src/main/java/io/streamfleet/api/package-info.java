/** The model of a StreamConsumerGroup: the only configuration there is. */
@NullMarked
package io.streamfleet.api;

import org.jspecify.annotations.NullMarked;
