@NullMarked
package io.streamfleet.operator.consumer;

import org.jspecify.annotations.NullMarked;
