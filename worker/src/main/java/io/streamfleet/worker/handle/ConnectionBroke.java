package io.streamfleet.worker.handle;

import io.streamfleet.handler.TransientFailure;

/**
 * A connection broke when the server had the whole request, and before anything of an answer came:
 * the server died, was stopped, or closed an idle connection at that very moment. Whether of this
 * message nobody knows.
 */
final class ConnectionBroke extends TransientFailure {

  private static final long serialVersionUID = 1;

  ConnectionBroke(String what) {
    super(what);
  }
}
