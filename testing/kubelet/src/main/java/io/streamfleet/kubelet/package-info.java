/**
 * Runs pods as processes of this machine: images stand for local programs, volumes are folders, and
 * all share the machine's network.
 */
@NullMarked
package io.streamfleet.kubelet;

import org.jspecify.annotations.NullMarked;
