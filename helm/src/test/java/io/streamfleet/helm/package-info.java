/** What the chart renders, and what is made of it. */
@NullMarked
package io.streamfleet.helm;

import org.jspecify.annotations.NullMarked;
