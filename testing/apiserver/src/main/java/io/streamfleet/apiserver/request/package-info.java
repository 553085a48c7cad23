/** Requests: path, verb, resource; listeners and injected failures. */
@NullMarked
package io.streamfleet.apiserver.request;

import org.jspecify.annotations.NullMarked;
