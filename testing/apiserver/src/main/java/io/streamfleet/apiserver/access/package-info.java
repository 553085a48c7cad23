/** Who may ask the API server, and how both sides know each other. */
@NullMarked
package io.streamfleet.apiserver.access;

import org.jspecify.annotations.NullMarked;
