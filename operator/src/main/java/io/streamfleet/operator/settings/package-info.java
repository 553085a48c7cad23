/** What the operator itself is told by its environment. */
@NullMarked
package io.streamfleet.operator.settings;

import org.jspecify.annotations.NullMarked;
