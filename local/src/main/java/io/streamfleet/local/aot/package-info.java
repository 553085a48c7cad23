/** Trains the AOT cache with which the worker starts fast (JEP 483, JEP 514). */
@NullMarked
package io.streamfleet.local.aot;

import org.jspecify.annotations.NullMarked;
