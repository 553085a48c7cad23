/** What the operator may do in a cluster, and what it must not. */
@NullMarked
package io.streamfleet.operator.rights;

import org.jspecify.annotations.NullMarked;
