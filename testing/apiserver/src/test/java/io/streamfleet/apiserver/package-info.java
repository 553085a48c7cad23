/** Tests against real HTTP. */
@NullMarked
package io.streamfleet.apiserver;

import org.jspecify.annotations.NullMarked;
