@NullMarked
package io.streamfleet.console;

import org.jspecify.annotations.NullMarked;
