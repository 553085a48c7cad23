/**
 * Builds images without Docker: a root file system with a minimal Java runtime, the C library and
 * the program, and an OCI archive of it.
 */
@NullMarked
package io.streamfleet.image;

import org.jspecify.annotations.NullMarked;
