@NullMarked
package io.streamfleet.local.console;

import org.jspecify.annotations.NullMarked;
