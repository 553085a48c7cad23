@NullMarked
package io.streamfleet.image;

import org.jspecify.annotations.NullMarked;
