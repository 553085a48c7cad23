/** Settings that change while a worker runs: the manifest's file is looked at again and again. */
@NullMarked
package io.streamfleet.worker.settings;

import org.jspecify.annotations.NullMarked;
