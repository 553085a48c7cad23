/**
 * Runs pods as processes of this machine: what is in their images stands for a program that is
 * here, their volumes are folders, and they share the machine's network.
 */
@NullMarked
package io.streamfleet.kubelet;

import org.jspecify.annotations.NullMarked;
