@NullMarked
package io.streamfleet.operator.cluster;

import org.jspecify.annotations.NullMarked;
