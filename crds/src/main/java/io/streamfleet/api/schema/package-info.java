/**
 * The generated schema of the spec, at work: it gives a tree its defaults and says what is wrong
 * with it, with the verdicts of Kubernetes' API server.
 */
@NullMarked
package io.streamfleet.api.schema;

import org.jspecify.annotations.NullMarked;
