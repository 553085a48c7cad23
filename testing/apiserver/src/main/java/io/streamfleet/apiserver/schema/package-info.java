/** Defaults, pruning and validation by the schema of a custom resource. */
@NullMarked
package io.streamfleet.apiserver.schema;

import org.jspecify.annotations.NullMarked;
