/** What of a fleet is in the folder {@code .streamfleet}, for whoever comes to the running one. */
@NullMarked
package io.streamfleet.local.state;

import org.jspecify.annotations.NullMarked;
