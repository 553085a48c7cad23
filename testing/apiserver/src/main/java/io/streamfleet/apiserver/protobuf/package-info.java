/** Decodes objects that are sent as protobuf. */
@NullMarked
package io.streamfleet.apiserver.protobuf;

import org.jspecify.annotations.NullMarked;
