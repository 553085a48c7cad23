/** Step 8: acknowledged, tried again, or dead-lettered; traces tell of it. */
@NullMarked
package io.streamfleet.worker.settle;

import org.jspecify.annotations.NullMarked;
