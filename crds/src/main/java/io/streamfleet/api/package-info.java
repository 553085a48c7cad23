/** The model of a StreamConsumerGroup: the only configuration. */
@NullMarked
package io.streamfleet.api;

import org.jspecify.annotations.NullMarked;
