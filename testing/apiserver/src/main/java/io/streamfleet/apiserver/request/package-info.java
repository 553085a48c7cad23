/** What is asked: path, verb, resource; and who listens or interferes. */
@NullMarked
package io.streamfleet.apiserver.request;

import org.jspecify.annotations.NullMarked;
