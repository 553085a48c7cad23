/** What the controllers of a cluster do, as far as a fleet needs them. */
@NullMarked
package io.streamfleet.apiserver.controller;

import org.jspecify.annotations.NullMarked;
