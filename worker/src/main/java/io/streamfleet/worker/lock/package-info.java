/** Step 4: a channel's lock, and handing entries over to who holds it. */
@NullMarked
package io.streamfleet.worker.lock;

import org.jspecify.annotations.NullMarked;
