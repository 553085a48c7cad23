/**
 * The part of the Common Expression Language in which the model's rules are written. Kubernetes
 * runs the rules in Go; this runs the very same text in a worker, so that there is one rule and not
 * two.
 *
 * @see <a href="https://github.com/google/cel-spec/blob/master/doc/langdef.md">CEL</a>
 */
@NullMarked
package io.streamfleet.api.cel;

import org.jspecify.annotations.NullMarked;
