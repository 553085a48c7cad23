@NullMarked
package io.streamfleet.original;

import org.jspecify.annotations.NullMarked;
