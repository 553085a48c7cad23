/** Step 10 and the notices between consumers: cancel, handed over, sweep now. */
@NullMarked
package io.streamfleet.worker.control;

import org.jspecify.annotations.NullMarked;
