@NullMarked
package io.streamfleet.embedded;

import org.jspecify.annotations.NullMarked;
