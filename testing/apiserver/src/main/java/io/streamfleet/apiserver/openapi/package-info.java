/** What the kinds look like, told in OpenAPI: by this kubectl explains them. */
@NullMarked
package io.streamfleet.apiserver.openapi;

import org.jspecify.annotations.NullMarked;
