package io.streamfleet.commands.port;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.worker.run.ManifestSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** The option {@code --worker}: which workers a command asks at their ports. */
public final class WorkerPorts {

  /** The worker is on this machine or its network, and answers from memory. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Kubernetes sets it in each container. */
  private static final String IN_CLUSTER = "KUBERNETES_SERVICE_HOST";

  @Option(
      names = "--worker",
      paramLabel = "URL",
      description =
          "The URL of a worker's port; may be given several times (default: http://127.0.0.1:PORT"
              + " with spec.workers.port).")
  private List<URI> workers = new ArrayList<>();

  /**
   * The workers to ask about the fleet as a whole: those that were named; in a pod of a fleet all
   * of its pods, by the names that the fleet's Service has in the cluster's DNS; else the one of
   * this machine.
   */
  public List<URI> all(ManifestSource manifest, StreamConsumerGroupSpec spec) {
    if (!workers.isEmpty() || System.getenv(IN_CLUSTER) == null) {
      return asked(spec);
    }
    Manifest fleet = manifest.read().manifest();
    if (fleet.namespace() == null) {
      return asked(spec);
    }
    try {
      return at(
          InetAddress.getAllByName(fleet.name() + "-worker." + fleet.namespace() + ".svc"),
          spec.workers().port());
    } catch (UnknownHostException e) {
      return asked(spec);
    }
  }

  static List<URI> at(InetAddress[] addresses, int port) {
    return Arrays.stream(addresses)
        .map(it -> URI.create("http://%s:%d".formatted(literal(it), port)))
        .sorted()
        .toList();
  }

  private static String literal(InetAddress address) {
    return address instanceof Inet6Address
        ? "[" + address.getHostAddress() + "]"
        : address.getHostAddress();
  }

  /** The workers to ask: those that were named, or the one of this machine or pod. */
  public List<URI> asked(StreamConsumerGroupSpec spec) {
    return workers.isEmpty()
        ? List.of(URI.create("http://127.0.0.1:" + spec.workers().port()))
        : List.copyOf(workers);
  }

  /**
   * A page of a worker.
   *
   * @throws IOException if it does not answer, or the URL is none
   */
  public static String page(URI worker, String path) throws IOException {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) worker.resolve(path).toURL().openConnection();
      connection.setConnectTimeout(Math.toIntExact(TIMEOUT.toMillis()));
      connection.setReadTimeout(Math.toIntExact(TIMEOUT.toMillis()));
      try (InputStream body = connection.getInputStream()) {
        return new String(body.readAllBytes(), UTF_8);
      }
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
