/** Settings that change while a worker runs. */
@NullMarked
package io.streamfleet.worker.settings;

import org.jspecify.annotations.NullMarked;
