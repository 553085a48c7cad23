@NullMarked
package io.streamfleet.local.aot;

import org.jspecify.annotations.NullMarked;
