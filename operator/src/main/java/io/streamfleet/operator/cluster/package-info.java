/** What was observed of a resource's objects in Kubernetes, reduced to what is asked of it. */
@NullMarked
package io.streamfleet.operator.cluster;

import org.jspecify.annotations.NullMarked;
