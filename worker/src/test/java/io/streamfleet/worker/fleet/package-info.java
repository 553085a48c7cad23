/** Fixtures for tests of whole workers: workers in this JVM and as processes, traffic, records. */
@NullMarked
package io.streamfleet.worker.fleet;

import org.jspecify.annotations.NullMarked;
