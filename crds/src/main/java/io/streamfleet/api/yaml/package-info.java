/** YAML, read strictly: a manifest is one thing, said once. */
@NullMarked
package io.streamfleet.api.yaml;

import org.jspecify.annotations.NullMarked;
