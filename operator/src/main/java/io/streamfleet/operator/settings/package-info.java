/** The operator's own settings. */
@NullMarked
package io.streamfleet.operator.settings;

import org.jspecify.annotations.NullMarked;
