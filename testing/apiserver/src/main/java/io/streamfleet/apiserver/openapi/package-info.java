/** Describes the kinds in OpenAPI, for kubectl explain. */
@NullMarked
package io.streamfleet.apiserver.openapi;

import org.jspecify.annotations.NullMarked;
