/**
 * The part of the Common Expression Language that the model's rules use. Kubernetes evaluates the
 * rules in Go; this evaluates the same text in a worker, so that each rule is written once.
 *
 * @see <a href="https://github.com/google/cel-spec/blob/master/doc/langdef.md">CEL</a>
 */
@NullMarked
package io.streamfleet.api.cel;

import org.jspecify.annotations.NullMarked;
