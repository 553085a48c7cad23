/**
 * Applies the generated schema of the spec: defaults and validation, with the same results as the
 * API server of Kubernetes.
 */
@NullMarked
package io.streamfleet.api.schema;

import org.jspecify.annotations.NullMarked;
