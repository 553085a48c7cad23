/** The operator's permissions in the cluster. */
@NullMarked
package io.streamfleet.operator.rights;

import org.jspecify.annotations.NullMarked;
