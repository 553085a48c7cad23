/**
 * Images without Docker: a root file system with nothing in it but a Java runtime that is cut to
 * what is needed, the C library and the program, and the OCI archive of it.
 */
@NullMarked
package io.streamfleet.image;

import org.jspecify.annotations.NullMarked;
