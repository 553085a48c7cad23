/** What several processes of ours show by the same words. */
@NullMarked
package io.streamfleet.process.metrics;

import org.jspecify.annotations.NullMarked;
