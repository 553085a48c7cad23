/** The steps of every write: change, isolation, defaults, validation, ownership, store. */
@NullMarked
package io.streamfleet.apiserver.write;

import org.jspecify.annotations.NullMarked;
