@NullMarked
package io.streamfleet.operator.status;

import org.jspecify.annotations.NullMarked;
