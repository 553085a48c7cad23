/** Which entries a worker has begun with, in a file that outlives its process. */
@NullMarked
package io.streamfleet.worker.begun;

import org.jspecify.annotations.NullMarked;
