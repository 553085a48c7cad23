/** How a change becomes the next state of an object: patches, and who owns which field. */
@NullMarked
package io.streamfleet.apiserver.merge;

import org.jspecify.annotations.NullMarked;
