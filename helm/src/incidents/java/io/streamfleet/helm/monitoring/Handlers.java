package io.streamfleet.helm.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The handlers of all fleets: what becomes of a message is in the path. */
final class Handlers implements AutoCloseable {

  private static final long SLOW_MILLIS = 400;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<HttpExchange> inside = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  Handlers() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/ok", exchange -> answer(exchange, 204));
    server.createContext("/fail", exchange -> answer(exchange, 500));
    server.createContext("/third", this::third);
    server.createContext("/slow", exchange -> late(exchange, SLOW_MILLIS));
    server.createContext("/kill", this::kill);
    server.createContext("/hang", exchange -> late(exchange, TimeUnit.HOURS.toMillis(1)));
    server.start();
  }

  /** Where a path is; nobody listens at {@code away}. */
  String url(String path) {
    if (path.equals("away")) {
      return "http://127.0.0.1:1/";
    }
    return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), path);
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(status, -1);
    }
  }

  /** One channel of three has a message that is always too much for it. */
  private void third(HttpExchange exchange) throws IOException {
    String message = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    answer(exchange, message.contains("-0\"") ? 500 : 204);
  }

  /** A message of one channel kills whoever handles it: nothing that is in flight is answered. */
  private void kill(HttpExchange exchange) throws IOException {
    String message = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    inside.add(exchange);
    if (message.contains("-0\"")) {
      inside.forEach(HttpExchange::close);
    } else {
      late(exchange, SLOW_MILLIS);
    }
    inside.remove(exchange);
  }

  private void late(HttpExchange exchange, long millis) throws IOException {
    try {
      if (closed.await(millis, TimeUnit.MILLISECONDS)) {
        exchange.close();
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    answer(exchange, 204);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
