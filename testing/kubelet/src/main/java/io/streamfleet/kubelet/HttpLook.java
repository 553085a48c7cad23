package io.streamfleet.kubelet;

import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Executes HTTP probes. */
final class HttpLook implements AutoCloseable {

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * Executes a probe once.
   *
   * @param port on this machine, whatever the template says
   * @return the problem, if any; other kinds of probes always succeed
   */
  Optional<String> problem(Probe probe, int port) throws InterruptedException {
    if (probe.getHttpGet() == null) {
      return Optional.empty();
    }
    String path = Objects.requireNonNullElse(probe.getHttpGet().getPath(), "/");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(Objects.requireNonNullElse(probe.getTimeoutSeconds(), 1)))
            .build();
    try {
      int status = http.send(request, BodyHandlers.discarding()).statusCode();
      return status >= 200 && status < 400
          ? Optional.empty()
          : Optional.of("HTTP probe failed with statuscode: " + status);
    } catch (IOException e) {
      return Optional.of("%s gives no answer (%s)".formatted(path, e.getClass().getSimpleName()));
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
