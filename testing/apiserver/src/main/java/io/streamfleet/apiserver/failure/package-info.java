/** Failures as Kubernetes reports them: a Status with a code and a reason. */
@NullMarked
package io.streamfleet.apiserver.failure;

import org.jspecify.annotations.NullMarked;
