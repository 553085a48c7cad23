package io.streamfleet.worker.fleet;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Asks a worker as the kubelet and Prometheus do. */
public final class Probe {

  /** The kubelet waits for a second as a rule; a busy machine of a test gets more. */
  private static final int PATIENCE_MILLIS = 5_000;

  private Probe() {}

  /** The status of an answer, such as that of {@code /healthz}; 0 where there is none in time. */
  public static int status(int port, String path) {
    try {
      HttpURLConnection asked = connection(port, path);
      try {
        return asked.getResponseCode();
      } finally {
        asked.disconnect();
      }
    } catch (IOException e) {
      return 0;
    }
  }

  /** The text of {@code /metrics}. */
  public static String metrics(int port) throws IOException {
    HttpURLConnection asked = connection(port, "/metrics");
    try {
      return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      asked.disconnect();
    }
  }

  private static HttpURLConnection connection(int port, String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    return connection;
  }
}
