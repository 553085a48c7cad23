package io.streamfleet.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A server that answers every request with 204, in processes of its own: nginx of the PATH. */
final class HttpServing implements AutoCloseable {

  private final Child server;
  private final URI url;

  private HttpServing(Child server, URI url) {
    this.server = server;
    this.url = url;
  }

  /**
   * Starts it.
   *
   * @throws IOException if there is no nginx, or it does not come
   */
  static HttpServing start(Lab lab) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(lab.folder().resolve("nginx").toAbsolutePath());
    int port = freePort();
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(configuration, configuration(folder, port));
    Child child =
        Child.of(
            lab.log("nginx"),
            List.of("nginx", "-p", folder.toString(), "-c", configuration.toString()));
    HttpServing serving = new HttpServing(child, URI.create("http://127.0.0.1:" + port + "/"));
    serving.await(port);
    return serving;
  }

  /** One worker process for each two cores, as many as are left beside who asks. */
  private static String configuration(Path folder, int port) {
    return """
    daemon off;
    worker_processes %d;
    pid %s/nginx.pid;
    error_log stderr crit;
    events { worker_connections 4096; }
    http {
      access_log off;
      keepalive_requests 100000000;
      keepalive_timeout 75s;
      client_body_temp_path %s/body;
      proxy_temp_path %s/proxy;
      fastcgi_temp_path %s/fastcgi;
      uwsgi_temp_path %s/uwsgi;
      scgi_temp_path %s/scgi;
      server { listen 127.0.0.1:%d backlog=4096; location / { return 204; } }
    }
    """
        .formatted(
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
            folder,
            folder,
            folder,
            folder,
            folder,
            folder,
            port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void await(int port) throws IOException, InterruptedException {
    try {
      server.awaitUp("nginx", () -> listens(port) ? Optional.of(port) : Optional.empty());
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  URI url() {
    return url;
  }

  static Optional<String> version() throws InterruptedException {
    try {
      return Optional.of(Program.output(List.of("nginx", "-v")).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    // Its workers end with it: the master stops them on SIGTERM.
    try {
      server.terminate();
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      server.close();
    }
  }
}
