@NullMarked
package io.streamfleet.torture.plan;

import org.jspecify.annotations.NullMarked;
