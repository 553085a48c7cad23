@NullMarked
package io.streamfleet.operator.settings;

import org.jspecify.annotations.NullMarked;
