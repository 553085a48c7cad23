/** The objects, their versions, and who watches them. */
@NullMarked
package io.streamfleet.apiserver.store;

import org.jspecify.annotations.NullMarked;
