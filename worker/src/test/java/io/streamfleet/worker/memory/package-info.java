/** What comes from outside is bounded in bytes, whoever decides how large it is. */
@NullMarked
package io.streamfleet.worker.memory;

import org.jspecify.annotations.NullMarked;
