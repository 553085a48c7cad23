/** Reads YAML strictly: duplicate keys are errors. */
@NullMarked
package io.streamfleet.api.yaml;

import org.jspecify.annotations.NullMarked;
