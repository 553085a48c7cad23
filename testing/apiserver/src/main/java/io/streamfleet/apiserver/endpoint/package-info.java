/** Answers requests: one class for each kind of request. */
@NullMarked
package io.streamfleet.apiserver.endpoint;

import org.jspecify.annotations.NullMarked;
