/** How the built-in kinds look as protobuf, and objects that are sent in this form. */
@NullMarked
package io.streamfleet.apiserver.protobuf;

import org.jspecify.annotations.NullMarked;
