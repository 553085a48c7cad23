/** The kinds, and how their fields merge. */
@NullMarked
package io.streamfleet.apiserver.kind;

import org.jspecify.annotations.NullMarked;
