package io.streamfleet.worker.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A handler behind HTTP that is a process of its own, as in a sidecar. It notes each call in a
 * file, answers none as long as a file {@code gate} is there, and dies of a message with the text
 * {@code halt}.
 */
final class Sidecar implements AutoCloseable {

  private static final String GATE = "gate";
  private static final String NOTES = "calls";

  /** Between two looks at the gate. */
  private static final long LOOK_MILLIS = 20;

  private final Path folder;
  private final int port;
  private @Nullable Process process;

  private Sidecar(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** One that does not run yet. */
  static Sidecar in(Path folder) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Sidecar(folder, socket.getLocalPort());
    }
  }

  /** Runs until it dies, as a container does; whoever restarts it calls this again. */
  void starts() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dsun.net.httpserver.maxIdleConnections=1000",
                "-cp",
                System.getProperty("java.class.path"),
                Sidecar.class.getName(),
                folder.toString(),
                Integer.toString(port))
            .inheritIO()
            .start();
  }

  boolean isAlive() {
    Process now = process;
    return now != null && now.isAlive();
  }

  /** As the system kills what takes too much memory. */
  void isKilled() throws InterruptedException {
    Process now = process;
    if (now != null) {
      now.destroyForcibly().waitFor();
    }
  }

  void answersNobody() throws IOException {
    Files.createFile(folder.resolve(GATE));
  }

  void answersAgain() throws IOException {
    Files.delete(folder.resolve(GATE));
  }

  String url() {
    return "http://localhost:" + port + "/";
  }

  /** What it noted: {@code began ID} and {@code ended ID}. */
  List<String> noted() throws IOException {
    Path notes = folder.resolve(NOTES);
    return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
  }

  @Override
  public void close() throws InterruptedException {
    isKilled();
  }

  // --- in its own process

  /** Serves until it dies. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int port = Integer.parseInt(arguments[1]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> answer(folder, exchange));
    server.start();
  }

  private static void answer(Path folder, HttpExchange exchange) throws IOException {
    try (exchange) {
      String id = exchange.getRequestHeaders().getFirst("ce-id");
      String text = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      note(folder, "began " + id);
      if (text.contains("halt")) {
        Runtime.getRuntime().halt(137);
      }
      while (Files.exists(folder.resolve(GATE))) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
      note(folder, "ended " + id);
      exchange.sendResponseHeaders(204, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One write, so that what was noted survives the process. */
  private static synchronized void note(Path folder, String line) throws IOException {
    Files.writeString(
        folder.resolve(NOTES), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
