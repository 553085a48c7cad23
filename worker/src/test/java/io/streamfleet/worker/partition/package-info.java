@NullMarked
package io.streamfleet.worker.partition;

import org.jspecify.annotations.NullMarked;
