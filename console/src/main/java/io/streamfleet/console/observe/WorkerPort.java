package io.streamfleet.console.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.console.cluster.FleetResource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks workers at their ports. */
public final class WorkerPort implements AutoCloseable {

  /** A worker answers from memory; one that takes longer is not asked in vain for long. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** A worker with some streams has 100 KB of metrics. */
  private static final int MOST_BYTES = 4 << 20;

  private final Optional<String> portAnnotation;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .executor(threads)
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  /**
   * @param portAnnotation the annotation of a pod with the port of its worker on this machine
   */
  public WorkerPort(Optional<String> portAnnotation) {
    this.portAnnotation = portAnnotation;
  }

  /** Where a worker listens; empty while its pod has no address. */
  Optional<URI> address(FleetResource fleet, JsonNode pod) {
    if (portAnnotation.isPresent()) {
      String port = pod.path("metadata").path("annotations").path(portAnnotation.get()).asText("");
      return port.matches("[0-9]{1,5}")
          ? Optional.of(URI.create("http://127.0.0.1:" + port))
          : Optional.empty();
    }
    String ip = pod.path("status").path("podIP").asText("");
    int port = fleet.spec().map(it -> it.workers().port()).orElse(0);
    if (!ip.matches("[0-9a-fA-F.:]+") || port == 0) {
      return Optional.empty();
    }
    return Optional.of(
        URI.create("http://" + (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + port));
  }

  /** A page of a worker; empty if it does not answer. */
  public Optional<String> page(URI worker, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(worker.resolve(path)).timeout(TIMEOUT).GET().build();
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(MOST_BYTES);
        return response.statusCode() == 200
            ? Optional.of(new String(bytes, UTF_8))
            : Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
