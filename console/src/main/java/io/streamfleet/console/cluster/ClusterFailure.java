package io.streamfleet.console.cluster;

/** The API server refused a request, or could not be reached. */
public final class ClusterFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int status;

  ClusterFailure(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status; 0 if there was no answer. */
  public int status() {
    return status;
  }
}
