@NullMarked
package io.streamfleet.local.fleet;

import org.jspecify.annotations.NullMarked;
