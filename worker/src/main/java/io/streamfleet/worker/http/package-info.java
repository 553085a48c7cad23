/**
 * A client for HTTP/1.1 on Netty's event loops: persistent connections, one request at a time on
 * each, and no thread for a call. It knows nothing of messages: an {@link Exchange} writes the
 * request and interprets the answer.
 */
@NullMarked
package io.streamfleet.worker.http;

import org.jspecify.annotations.NullMarked;
