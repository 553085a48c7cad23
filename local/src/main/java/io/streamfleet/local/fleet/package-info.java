/** A whole fleet on one machine: Redis, an API server, the operator and the workers. */
@NullMarked
package io.streamfleet.local.fleet;

import org.jspecify.annotations.NullMarked;
