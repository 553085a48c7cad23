/** Settings that change while a worker runs: polls the manifest's file and applies live fields. */
@NullMarked
package io.streamfleet.worker.settings;

import org.jspecify.annotations.NullMarked;
