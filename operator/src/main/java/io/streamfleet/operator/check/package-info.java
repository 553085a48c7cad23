/** What passes the schema of a StreamConsumerGroup and still can't work. */
@NullMarked
package io.streamfleet.operator.check;

import org.jspecify.annotations.NullMarked;
