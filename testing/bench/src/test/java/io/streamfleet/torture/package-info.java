@NullMarked
package io.streamfleet.torture;

import org.jspecify.annotations.NullMarked;
