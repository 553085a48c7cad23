@NullMarked
package io.streamfleet.operator.dependent;

import org.jspecify.annotations.NullMarked;
