@NullMarked
package io.streamfleet.operator;

import org.jspecify.annotations.NullMarked;
