@NullMarked
package io.streamfleet.torture.testbed;

import org.jspecify.annotations.NullMarked;
