package io.streamfleet.worker.telemetry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How traces are recorded and exported.
 *
 * @param endpoint the URL that spans are posted to, path included
 * @param headers of every request; they may be secret
 * @param timeout of one request
 * @param certificate trusted certificates in PEM, instead of those of the system
 * @param clientCertificate the client's certificates in PEM, if it has some
 * @param clientKey their private key in PEM
 * @param attributes of the resource, in addition to those of the worker, which they replace
 */
record TelemetrySettings(
    String endpoint,
    Map<String, String> headers,
    Duration timeout,
    boolean gzip,
    Optional<Path> certificate,
    Optional<Path> clientCertificate,
    Optional<Path> clientKey,
    Map<String, String> attributes,
    Sampling sampling,
    Queue queue) {

  /** The endpoint for the log: a token may be behind the question mark. */
  String shownEndpoint() {
    return endpoint.replaceFirst("\\?.*", "");
  }

  /**
   * The spans that wait to be exported.
   *
   * @param size how many may wait; more are dropped
   * @param batch how many are exported in one request
   * @param delay how long a span waits for others
   */
  record Queue(int size, int batch, Duration delay) {}
}
