@NullMarked
package io.streamfleet.torture.field;

import org.jspecify.annotations.NullMarked;
