@NullMarked
package io.streamfleet.local.view;

import org.jspecify.annotations.NullMarked;
