/** Tests of the peers: that each does the work it is compared by. */
@NullMarked
package io.streamfleet.peers;

import org.jspecify.annotations.NullMarked;
