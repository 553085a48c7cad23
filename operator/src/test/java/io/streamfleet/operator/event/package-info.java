@NullMarked
package io.streamfleet.operator.event;

import org.jspecify.annotations.NullMarked;
