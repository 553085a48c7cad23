package io.streamfleet.console.http;

/** A request that is answered with an error. The message is for the user. */
final class HttpProblem extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int status;

  HttpProblem(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }

  static HttpProblem notFound() {
    return new HttpProblem(404, "there is nothing here");
  }

  static HttpProblem bad(String message) {
    return new HttpProblem(400, message);
  }
}
