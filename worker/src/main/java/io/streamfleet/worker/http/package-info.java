/**
 * A client for HTTP/1.1 on Netty's event loops: connections that are kept, one request at a time on
 * each, and no thread for a call. It knows nothing of messages: what is sent, and what an answer
 * means, is told by an {@link Exchange}.
 */
@NullMarked
package io.streamfleet.worker.http;

import org.jspecify.annotations.NullMarked;
