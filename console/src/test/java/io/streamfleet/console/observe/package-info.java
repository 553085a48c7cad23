@NullMarked
package io.streamfleet.console.observe;

import org.jspecify.annotations.NullMarked;
