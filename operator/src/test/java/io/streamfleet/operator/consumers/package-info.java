@NullMarked
package io.streamfleet.operator.consumers;

import org.jspecify.annotations.NullMarked;
