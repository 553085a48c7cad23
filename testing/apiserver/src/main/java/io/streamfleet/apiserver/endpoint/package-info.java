/** What answers: one class for each kind of question. */
@NullMarked
package io.streamfleet.apiserver.endpoint;

import org.jspecify.annotations.NullMarked;
