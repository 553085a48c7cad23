package io.streamfleet.worker.handle;

import io.streamfleet.handler.TransientFailure;

/**
 * A connection broke after the whole request was sent and before any of the answer arrived: the
 * server died, was stopped, or closed an idle connection at that moment. Whether the message was
 * the cause is unknown.
 */
final class ConnectionBroke extends TransientFailure {

  private static final long serialVersionUID = 1;

  ConnectionBroke(String what) {
    super(what);
  }
}
