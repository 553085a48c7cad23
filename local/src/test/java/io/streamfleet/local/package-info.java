@NullMarked
package io.streamfleet.local;

import org.jspecify.annotations.NullMarked;
