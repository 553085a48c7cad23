@NullMarked
package io.streamfleet.model;

import org.jspecify.annotations.NullMarked;
