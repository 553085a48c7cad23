/** Stores objects with versions, and serves watches. */
@NullMarked
package io.streamfleet.apiserver.store;

import org.jspecify.annotations.NullMarked;
